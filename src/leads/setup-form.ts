import { z } from 'zod'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { isDuplicateKey, transact } from '../db/transact.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { conflict, RuleError } from '../lib/rule-error.ts'
import { plainText } from '../lib/text.ts'
import { f, wordedRows } from '../web/fields.ts'
import { guardStages } from './guards.ts'
import { Lead } from './lead.ts'
import { LeadSetup, RESERVED_STAGES, type SetupFacts, type Stage, setupOf, USUAL } from './setup.ts'

/** A park's own rules for leads: its stages with their weights, and what one person may take. */
export const MAX_STAGES = 8

const stage = z.object({
  /** Empty for one that is new. */
  code: z.string().max(24).optional(),
  zh: f.optionalText(20),
  en: f.optionalText(40),
  weight: f.whole(0, 100),
})

export const setupForm = z.object({
  stages: z.preprocess(wordedRows('code', 'zh', 'en'), z.array(stage).min(1).max(MAX_STAGES)),
  signingZh: f.optionalText(20),
  signingEn: f.optionalText(40),
  movedZh: f.optionalText(20),
  movedEn: f.optionalText(40),
  signingWeight: f.whole(0, 100),
  ownLimit: f.whole(1, 2000),
  idleDays: f.whole(0, 365),
  warnDays: f.whole(0, 60),
  holdLimit: f.whole(0, 200),
  holdDays: f.whole(1, 365),
  version: f.version(),
})

const isUsual = (code: string): boolean => USUAL.stages.some(one => one.code === code)

/** A code nobody has: they only need to differ, people read the name. */
function freshCode(taken: Set<string>): string {
  let no = 1
  while (taken.has(`own${no}`)) no++
  taken.add(`own${no}`)
  return `own${no}`
}

/** Throws required for an own stage without a Chinese name, lead.stageTwice. */
export function setupFrom(form: z.output<typeof setupForm>, before: SetupFacts): SetupFacts {
  const { stages, signingZh, signingEn, movedZh, movedEn, version: _version, ...rules } = form
  const known = new Set(before.stages.map(one => one.code))
  const taken = new Set([...known, ...RESERVED_STAGES, ...USUAL.stages.map(one => one.code)])
  const rows: Stage[] = stages.map(({ code, zh, en, weight }, i) => {
    const own = code && (known.has(code) || isUsual(code)) ? code : freshCode(taken)
    const name = plainText(zh ? { zh, en } : null)
    if (!name && !isUsual(own)) throw new RuleError('required', {}, { field: `stages[${i}][zh]` })
    return { code: own, name, weight }
  })
  const codes = rows.map(one => one.code)
  const twice = codes.findIndex((code, i) => codes.indexOf(code) < i)
  if (twice >= 0) throw new RuleError('lead.stageTwice', {}, { field: `stages[${twice}][zh]` })
  if (rules.warnDays >= rules.idleDays && rules.idleDays) throw new RuleError('lead.warnLate', {}, { field: 'warnDays' })
  const text = (zh: string | null, en: string | null) => plainText(zh ? { zh, en } : null)
  return { stages: rows, signing: text(signingZh, signingEn), moved: text(movedZh, movedEn), ...rules }
}

export const setupValues = ({ stages, signing, moved, ...rules }: SetupFacts & { version: number }) => ({
  ...rules,
  stages: stages.map(({ code, name, weight }) => ({ code, zh: name?.zh ?? '', en: name?.en ?? '', weight })),
  ...{ signingZh: signing?.zh ?? '', signingEn: signing?.en ?? '', movedZh: moved?.zh ?? '', movedEn: moved?.en ?? '' },
})

const shown = ({ stages, signing: _signing, moved: _moved, ...rules }: SetupFacts) => ({
  ...rules,
  stages: stages.map(({ code, name, weight }) => `${name?.zh ?? code} ${weight} %`).join(', '),
})

/** Open leads that stand in a stage which goes. */
const standingIn = (park: string, codes: string[]) =>
  scopedFind<Pick<Lead, 'stage'>>(Lead, { park, state: 'open', stage: { $in: codes } }, { projection: { stage: 1 }, limit: 1 })

/** Writes from the version the form showed. Throws stale (409), lead.stageUsed (409) while leads stand in a stage that goes. */
export async function editSetup(park: string, version: number, facts: SetupFacts, by: Actor): Promise<void> {
  await transact(async () => {
    await guardStages(park)
    const before = await setupOf(park)
    if (before.version !== version) throw conflict('stale')
    const gone = before.stages.map(one => one.code).filter(code => !facts.stages.some(one => one.code === code))
    if (gone.length && (await standingIn(park, gone)).length) throw conflict('lead.stageUsed', {}, 'stages')
    const set = { ...facts, version: version + 1 }
    const { matchedCount, upsertedCount } = await LeadSetup.updateOne({ park, version }, { $set: set }, { upsert: version === 0 }).catch(
      error => {
        throw isDuplicateKey(error) ? conflict('stale') : error
      },
    )
    if (!matchedCount && !upsertedCount) throw conflict('stale')
    await audit(by, 'lead.settings', { park, kind: 'leadsetup', ref: park, label: park }, { before: shown(before), after: shown(facts) })
  })
}
