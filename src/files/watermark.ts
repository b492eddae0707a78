import { log } from '../lib/log.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { Crowded, turns } from '../lib/turns.ts'
import { inWorker, THREADS } from '../workers/pool.ts'
import type { PreviewResult, PreviewTask } from '../workers/preview.ts'
import { KINDS, SCAN } from './content.ts'
import { readWhole, type StoredFile } from './store.ts'

/**
 * Previews of personal documents (identity cards, student cards): whoever may look sees a picture with words over all of it, never
 * the file itself. A file is read when its turn has come, so that those that wait take no memory.
 */
const SECONDS = 20
/** Where there are several threads, one is left for documents and sheets. */
const inTurn = turns(Math.max(1, Math.min(2, THREADS - 1)), 40)
const TYPES: string[] = SCAN.map(kind => KINDS[kind].mime)

const late = (): RuleError => new RuleError('file.previewLate', {}, { status: 429 })

const draw = (task: PreviewTask, seconds: number): Promise<PreviewResult> => inWorker<PreviewTask, PreviewResult>('preview', task, seconds)

async function drawStored(
  file: Pick<StoredFile, '_id' | 'metadata'>,
  words: string,
  page: number,
  seconds: number,
): Promise<PreviewResult> {
  const bytes = await readWhole(file._id)
  return draw({ bytes, pdf: file.metadata.type === KINDS.pdf.mime, words: words.replace(/\s+/gu, ' ').trim(), page }, seconds)
}

const waited = (work: () => Promise<PreviewResult>): Promise<PreviewResult> =>
  inTurn(work).catch(error => {
    throw error instanceof Crowded || error.name === 'AbortError' ? late() : error
  })

/**
 * A page (from 1) of a PDF the product made itself, as a JPEG with nothing laid over it. `read` is asked when its turn has come. Errors: as
 * of previewOf().
 */
export async function pageOf(read: () => Promise<Uint8Array>, page: number): Promise<Buffer> {
  const result = await waited(async () => draw({ bytes: await read(), pdf: true, words: '', page }, SECONDS))
  if ('missing' in result) throw notFound()
  if ('undrawable' in result) throw new RuleError('file.noPreview')
  return Buffer.from(result.bytes)
}

/**
 * A picture of a stored file, or of one page (from 1) of a PDF, as a JPEG whose longer side has 800 to 1,600 points, upright, with
 * `words` laid over all of it; and how many pages the file has. Errors: not found where there is no such page; file.noPreview for
 * what can't be drawn (broken, encrypted, too large, another kind); file.previewLate when it takes too long or too many are waiting.
 */
export async function previewOf(
  file: Pick<StoredFile, '_id' | 'metadata'>,
  words: string,
  page: number,
  seconds = SECONDS,
): Promise<{ bytes: Buffer; pages: number }> {
  if (!TYPES.includes(file.metadata.type)) throw new RuleError('file.noPreview')
  const result = await waited(() => drawStored(file, words, page, seconds))
  if ('missing' in result) throw notFound()
  if ('undrawable' in result) {
    log.info({ file: String(file._id), why: result.undrawable }, 'a file has no preview')
    throw new RuleError('file.noPreview')
  }
  return { bytes: Buffer.from(result.bytes), pages: result.pages }
}
