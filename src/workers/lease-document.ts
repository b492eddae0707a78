import { fillTemplate, TemplateError } from './docx-fill.ts'
import { toPdf } from './docx-pdf.ts'

/** A thread's task: the lease document as Word or PDF. A broken template is an answer, not a failure of the thread. */
export interface DocumentTask {
  template: Uint8Array
  data: object
  /** The line that says it is a draft, and the word laid over each page of the PDF. */
  note: string | null
  watermark: string | null
  format: 'docx' | 'pdf'
  title: string
}

export type DocumentResult = { bytes: Uint8Array } | { broken: string }

export default async function leaseDocument({ template, data, note, watermark, format, title }: DocumentTask): Promise<DocumentResult> {
  try {
    const filled = fillTemplate(template, data, note)
    return { bytes: format === 'docx' ? filled.bytes() : await toPdf(filled.zip, { title, watermark }) }
  } catch (error) {
    if (error instanceof TemplateError) return { broken: error.message }
    throw error
  }
}
