import { z } from 'zod'
import type { Bilingual } from '../lib/text.ts'
import { plainText } from '../lib/text.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { f } from '../web/fields.ts'
import { AUDIENCE_INCUBATION, AUDIENCE_KINDS, AUDIENCE_PLACES } from './audience.ts'
import { MAX_CHOSEN, type Notice, type NoticeFacts, type NoticeText } from './notice.ts'

/** The forms of a notice: fields as typed ↔ facts. */
const wording = {
  titleZh: f.text(80),
  titleEn: f.optionalText(120),
  textZh: f.text(6000),
  textEn: f.optionalText(9000),
  important: f.check(),
  until: f.optionalDay(),
  drop: f.many(f.id(), 50),
}
const audience = {
  kind: f.choice(AUDIENCE_KINDS),
  places: f.many(f.choice(AUDIENCE_PLACES)),
  incubation: f.many(f.choice(AUDIENCE_INCUBATION)),
  industries: f.many(f.choice(INDUSTRIES)),
  tenants: f.many(f.id(), MAX_CHOSEN),
}

/** English falls back to Chinese as a whole: a title in one language and a text in the other would be read by nobody. */
const paired = (form: { titleEn: string | null; textEn: string | null }, ctx: z.RefinementCtx): void => {
  for (const [given, other] of [
    ['titleEn', 'textEn'],
    ['textEn', 'titleEn'],
  ] as const)
    if (form[given] && !form[other]) ctx.addIssue({ code: 'custom', message: 'error.club.bothEnglish', path: [other] })
}

export const newForm = z.object({ ...wording, ...audience }).superRefine(paired)
export const draftForm = z.object({ ...wording, ...audience, version: f.version() }).superRefine(paired)
export const correctionForm = z.object({ ...wording, note: f.text(200), again: f.check(), version: f.version() }).superRefine(paired)

const pair = (zh: string, en: string | null): Bilingual => plainText({ zh, en })!

type Wording = Pick<z.output<typeof newForm>, 'titleZh' | 'titleEn' | 'textZh' | 'textEn' | 'important' | 'until'>
export const textFrom = ({ titleZh, titleEn, textZh, textEn, important, until }: Wording): NoticeText => ({
  ...{ title: pair(titleZh, titleEn), text: pair(textZh, textEn), important, until },
})

export function factsFrom(form: z.output<typeof newForm>): NoticeFacts {
  const { kind, places, incubation, industries, tenants } = form
  return { ...textFrom(form), audience: { kind, places, incubation, industries, tenants } }
}

const both = (name: string, { zh, en }: Bilingual) => ({ [`${name}Zh`]: zh, [`${name}En`]: en ?? '' })

/** Boxes that aren't ticked send nothing: of a form that was refused they are as they were left, not as they are recorded. */
export const asTicked = (failed: { values: Record<string, unknown> } | undefined, names: readonly string[]): Record<string, unknown> =>
  failed ? Object.fromEntries(names.map(name => [name, failed.values[name] ?? false])) : {}

/** A notice as its form shows it. */
export const noticeValues = ({ version, title, text, important, until, audience: whom }: Notice): Record<string, unknown> => ({
  ...{ version, important, until: until ?? '', again: true },
  ...both('title', title),
  ...both('text', text),
  ...whom,
  tenants: whom.tenants.map(String),
})
