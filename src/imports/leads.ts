import type { Types } from 'mongoose'
import { z } from 'zod'
import { leadEntry, type Place } from '../leads/create.ts'
import { createLeads, type NewLead } from '../leads/create-many.ts'
import { factFields, factsFrom } from '../leads/form.ts'
import { isRange, Lead, SOURCES } from '../leads/lead.ts'
import { type Owner, ownersOf } from '../leads/pool.ts'
import { type SetupFacts, setupOf } from '../leads/setup.ts'
import { type Identifying, identityOf } from '../leads/twins.ts'
import type { Day } from '../lib/days.ts'
import { halfWidth } from '../lib/text.ts'
import { LANGS, translateAny } from '../locales/index.ts'
import { INDUSTRIES, readPark } from '../parks/park.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { codeProblem } from '../tenants/credit-code.ts'
import { Tenant } from '../tenants/tenant.ts'
import { f } from '../web/fields.ts'
import type { Column, Decision, Kind, Ledger, SourceRow } from './kinds.ts'
import { readRow } from './read-row.ts'

/**
 * Leads: by phone, credit code or name. Whoever is there stays as they are, whoever works on them knows more than the file; a phone
 * that belongs to another name is refused, never guessed.
 */
const COLUMNS: Column[] = [
  { name: 'name', required: true, example: '', width: 32 },
  { name: 'creditCode', example: '', width: 24 },
  { name: 'contact', example: '', width: 12 },
  { name: 'contactTitle', example: '', width: 12 },
  { name: 'phone', example: '13900000000', width: 16 },
  { name: 'email', example: 'contact@example.com', width: 24 },
  { name: 'source', choice: { values: SOURCES, prefix: 'lead.source' }, example: 'referral', width: 14 },
  { name: 'sourceNote', example: '', width: 18 },
  { name: 'industry', choice: { values: INDUSTRIES, prefix: 'record.profile.industries' }, example: 'software', width: 18 },
  { name: 'origin', example: '', width: 16 },
  { name: 'areaFrom', example: '200', width: 14 },
  { name: 'areaTo', example: '300', width: 14 },
  { name: 'budget', example: '20000', width: 18 },
  { name: 'product', choice: { values: PRODUCTS, prefix: 'space.product' }, example: 'office', width: 14 },
  { name: 'desks', example: '20', width: 10 },
  { name: 'moveIn', day: true, example: '2027-03-01', width: 14 },
  { name: 'months', example: '36', width: 12 },
  { name: 'wishNote', example: '', width: 24 },
  { name: 'stage', example: '', width: 12 },
  { name: 'owner', example: '', width: 18 },
  { name: 'next', example: '', width: 20 },
  { name: 'nextOn', day: true, example: '', width: 14 },
  { name: 'note', example: '', width: 34 },
]

// The form's own fields; contacts are one a row, and a file without sources is its own source.
const { contacts: _contacts, ...fields } = factFields
const schema = z
  .object({
    ...fields,
    source: f.blankOr(fields.source),
    contact: f.optionalText(60),
    contactTitle: f.optionalText(60),
    phone: f.optionalPhone(),
    email: f.optionalEmail(),
    stage: f.optionalText(60),
    owner: f.optionalText(200),
    next: f.optionalText(120),
    nextOn: f.optionalDay(),
    note: f.optionalText(1000),
  })
  .refine(isRange, { message: 'error.inquiry.area', path: ['areaTo'] })
type Typed = z.output<typeof schema>

const fold = (text: string): string => halfWidth(text).toLowerCase().replace(/\s/g, '')

/** Any name of the park's open stages → its code. */
function stagesBy({ stages }: Pick<SetupFacts, 'stages'>): Map<string, string> {
  const names = stages.flatMap(({ code, name }) => {
    const own = [name?.zh, name?.en].filter((word): word is string => Boolean(word))
    const words = own.length ? own : LANGS.map(lang => translateAny(lang, `lead.stage.${code}`))
    return [...words, code].map(word => [fold(word), code] as const)
  })
  return new Map(names.reverse())
}

/** Who may own leads, by name or mail; null where a name is two people's. */
function ownersBy(people: (Owner & { email: string })[]): Map<string, Owner | null> {
  const map = new Map<string, Owner | null>()
  for (const { _id, name, email } of people) {
    const key = fold(name)
    map.set(key, map.has(key) ? null : { _id, name })
    map.set(fold(email), { _id, name })
  }
  return map
}

type Known = Identifying & Pick<Lead, '_id' | 'number' | 'name'>

interface There {
  stages: Map<string, string>
  stageNames: string
  first: string
  owners: Map<string, Owner | null>
  byCode: Map<string, Known>
  byName: Map<string, Known>
  byPhone: Map<string, Known>
  tenantCodes: Map<string, string>
  tenantNames: Map<string, string>
}

async function readThere(park: string): Promise<There> {
  const setup = await setupOf(park)
  const owners = ownersBy(await ownersOf(park))
  const shown = { number: 1, name: 1, normal: 1, creditCode: 1, phones: 1 }
  const leads = (await Lead.find({ park, state: { $ne: 'merged' } }, shown).lean()) as Known[]
  const tenants = await Tenant.find({ park, mergedInto: null }, { name: 1, normal: 1, creditCode: 1 }).lean()
  return {
    stages: stagesBy(setup),
    stageNames: setup.stages.map(({ code, name }) => name?.zh ?? translateAny('zh-CN', `lead.stage.${code}`)).join(' / '),
    first: setup.stages[0]!.code,
    owners,
    byCode: new Map(leads.flatMap(one => (one.creditCode ? [[one.creditCode, one] as const] : []))),
    byName: new Map(leads.map(one => [one.normal, one])),
    byPhone: new Map(leads.flatMap(one => one.phones.map(phone => [phone, one] as const))),
    tenantCodes: new Map(tenants.flatMap(one => (one.creditCode ? [[one.creditCode, one.name] as const] : []))),
    tenantNames: new Map(tenants.map(one => [one.normal, one.name])),
  }
}

type Wrong = [column: string, key: string, params?: Record<string, unknown>]

/** Whether somebody is there already: the same, or what stands in the way. */
function known({ byCode, byName, byPhone, tenantCodes, tenantNames }: There, of: Identifying): 'same' | Wrong | null {
  const { normal, creditCode, phones } = of
  const [code, named, called] = [creditCode && byCode.get(creditCode), byName.get(normal), phones[0] && byPhone.get(phones[0])]
  if (code) return 'same'
  if (named) {
    const other = creditCode && named.creditCode && named.creditCode !== creditCode
    return other ? ['creditCode', 'inquiry.otherCode', { number: named.number, code: named.creditCode }] : 'same'
  }
  if (called) return ['phone', 'inquiry.phoneTaken', { number: called.number, name: called.name }]
  const tenant = (creditCode && tenantCodes.get(creditCode)) || tenantNames.get(normal)
  return tenant ? ['name', 'inquiry.isTenant', { tenant }] : null
}

/** Owner, stage and next step, as the park has them. */
function placed({ stages, stageNames, first, owners }: There, typed: Typed, on: Day): Omit<NewLead, 'facts'> | Wrong {
  const { stage, next, nextOn, note } = typed
  const code = stage === null ? first : stages.get(fold(stage))
  if (!code) return ['stage', 'inquiry.noStage', { value: stage, stages: stageNames }]
  const owner = typed.owner === null ? null : owners.get(fold(typed.owner))
  if (owner === undefined) return ['owner', 'inquiry.noOwner', { value: typed.owner }]
  if (owner === null && typed.owner !== null) return ['owner', 'inquiry.twoOwners', { value: typed.owner }]
  if (!owner && (next || nextOn)) return [next ? 'next' : 'nextOn', 'inquiry.nextNoOwner']
  if (nextOn && nextOn < on) return ['nextOn', 'lead.nextPast']
  const plan = next || nextOn ? { what: next ?? '', on: nextOn ?? on } : null
  return { owner, stage: code, note, next: plan }
}

const contactsOf = ({ name, contact, contactTitle, phone, email }: Typed) =>
  contact || phone || email ? [{ name: contact ?? name.slice(0, 60), title: contactTitle, phone, email }] : []

async function open(park: string, on: Day): Promise<Ledger> {
  const place = (await readPark(park)) as Place
  const there = await readThere(park)
  const seen = new Map<string, number>()

  function decide(source: SourceRow): Decision {
    const { row } = source
    const read = readRow<Typed>(leadKind, source)
    if ('problems' in read) return { row, does: 'bad', problems: read.problems }
    const typed = read.value
    const bad = ([column, key, params = {}]: Wrong): Decision => ({
      row,
      does: 'bad',
      problems: [{ column, key: `error.${key}`, params, value: String(typed[column as keyof Typed] ?? '') }],
    })
    const facts = factsFrom({ ...typed, source: typed.source ?? 'import', contacts: contactsOf(typed) })
    const identity = identityOf(facts)
    const { normal, creditCode, phones } = identity
    const problem = creditCode && codeProblem(creditCode)
    if (problem) return bad(['creditCode', `creditCode.${problem}`])
    const keys: [column: string, key: string][] = [
      ['name', `name:${normal}`],
      ...(creditCode ? [['creditCode', `code:${creditCode}`] as [string, string]] : []),
      ...phones.map(phone => ['phone', `phone:${phone}`] as [string, string]),
    ]
    const twin = keys.find(([, key]) => seen.has(key))
    if (twin) return bad([twin[0], 'import.duplicateRow', { row: seen.get(twin[1]) }])
    for (const [, key] of keys) seen.set(key, row)
    const found = known(there, identity)
    if (found === 'same') return { row, does: 'same' }
    if (found) return bad(found)
    const where = placed(there, typed, on)
    return Array.isArray(where) ? bad(where) : { row, does: 'create', value: { facts, ...where } satisfies NewLead }
  }

  const apply: Ledger['apply'] = async (decisions, by, { foundLater }) => {
    const fresh = decisions.flatMap(one => (one.does === 'create' ? [one.value as NewLead] : []))
    if (fresh.length) await createLeads(place, fresh, { foundLater }, by)
  }
  return { decide, apply }
}

const ids = (park: string) => Lead.distinct('_id', { park, state: { $ne: 'merged' } }) as Promise<Types.ObjectId[]>
const entries = async (park: string, some: Types.ObjectId[]) =>
  ((await Lead.find({ park, state: { $ne: 'merged' }, _id: { $in: some } }).lean()) as Lead[]).map(leadEntry)

export const leadKind: Kind = { name: 'leads', action: 'lead.work', columns: COLUMNS, schema, open, found: 'lead', ids, entries }
