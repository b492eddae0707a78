import type { Request, Response } from 'express'
import { notFound } from '../lib/rule-error.ts'
import { type Lang, translateAny, translator } from '../locales/index.ts'
import { param } from '../web/forms.ts'
import { inWorker } from '../workers/pool.ts'
import type { TemplateTask } from '../workers/sheet-template.ts'
import { IMPORT_KINDS } from './import.ts'
import { type Column, KINDS, type Kind } from './kinds.ts'
import { demandKind, wordsOf } from './pages.ts'
import { columnLabel } from './words.ts'

/** The workbook to fill in: headers and words in the person's language; one example row, marked so that the import leaves it out. */
const exampleOf = (lang: Lang, kind: Kind, column: Column, first: boolean): string => {
  const key = `imports.example.${kind.name}.${column.name}`
  const written = translateAny(lang, key)
  const word = column.choice && column.example ? translateAny(lang, `${column.choice.prefix}.${column.example}`) : column.example
  const text = written === key ? word : written
  return first ? `${translateAny(lang, 'imports.template.mark')}${text}` : text
}

function noteOf(lang: Lang, kind: Kind, column: Column): string {
  const key = `imports.note.${kind.name}.${column.name}`
  const note = translateAny(lang, key)
  const words = wordsOf(lang, kind, column.name)
  const allowed = words.length ? translateAny(lang, 'imports.template.oneOf', { words: words.join(' / ') }) : ''
  return [allowed, note === key ? '' : note].filter(Boolean).join(' ')
}

export function templateTask(lang: Lang, kind: Kind): TemplateTask {
  const t = translator(lang)
  return {
    sheet: t(`imports.kind.${kind.name}`),
    columns: kind.columns.map((column, i) => ({
      label: columnLabel(lang, kind, column),
      required: column.required ?? false,
      example: exampleOf(lang, kind, column, i === 0),
      width: column.width,
    })),
    notes: {
      sheet: t('imports.template.notes'),
      head: [t('imports.template.column'), t('imports.template.needed'), t('imports.template.how')],
      rows: [
        ...kind.columns.map(column => [columnLabel(lang, kind, column), column.required ? t('app.yes') : '', noteOf(lang, kind, column)]),
        ['', '', t('imports.template.exampleNote')],
        ['', '', t(`imports.again.${kind.name}`)],
      ],
    },
  }
}

export async function template(req: Request, res: Response): Promise<void> {
  const name = IMPORT_KINDS.find(kind => kind === param(req, 'kind'))
  if (!name) throw notFound()
  demandKind(req, name)
  const bytes = await inWorker<TemplateTask, Uint8Array>('sheet-template', templateTask(req.lang, KINDS[name]))
  const file = `${req.t(`imports.template.file.${name}`)}.xlsx`
  res.set({
    'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'content-disposition': `attachment; filename="${name}.xlsx"; filename*=UTF-8''${encodeURIComponent(file)}`,
    'cache-control': 'private, no-store',
  })
  res.send(Buffer.from(bytes))
}
