import type { Request } from 'express'
import { Types } from 'mongoose'
import { z } from 'zod'
import { unitChoices } from '../leases/availability.ts'
import { addDays, type Day, isDay, today } from '../lib/days.ts'
import { clockOf, parseClock } from '../lib/wall.ts'
import { f, listIn, wordedRows } from '../web/fields.ts'
import { formState, readMany } from '../web/forms.ts'
import type { Lead } from './lead.ts'
import { ownersOf } from './pool.ts'
import { MAX_GUESTS, MAX_UNITS, type Visit } from './visit.ts'
import { companionsOf } from './visit-host.ts'
import type { VisitFacts } from './visits.ts'

/** The form of a visit: fields as typed ↔ facts, and what its page offers to choose from. */
const clock = () =>
  f.text(5).transform((text, ctx): number => {
    const minute = parseClock(text)
    if (minute !== null) return minute
    ctx.addIssue({ code: 'custom', message: 'error.visit.clock' })
    return z.NEVER
  })

const guest = z.object({ name: f.text(60), email: f.optionalEmail() })
const guestRows = wordedRows('name', 'email')
const fields = {
  day: f.day(),
  from: clock(),
  to: clock(),
  // Every row of the form sends one; an empty one says nothing.
  units: f
    .many(f.optionalId(), 60)
    .transform(ids => ids.filter(id => id !== null))
    .refine(ids => ids.length <= MAX_UNITS, 'error.visit.tooManyUnits'),
  place: f.optionalText(120),
  host: f.id(),
  companions: f.many(f.id(), 50),
  guests: z.preprocess(guestRows, z.array(guest).max(MAX_GUESTS, 'error.visit.tooManyGuests')),
  people: f.optionalWhole(1, 200),
  note: f.optionalText(1000),
}
export const planForm = z.object(fields)
export const moveForm = z.object({ ...fields, version: f.version() })
export const cancelForm = z.object({ version: f.version(), reason: f.text(300) })

export const factsFrom = ({
  day,
  from,
  to,
  units,
  place,
  host,
  companions,
  guests,
  people,
  note,
}: z.output<typeof planForm>): VisitFacts => ({
  ...{ day, from, to, units, place, host, companions, guests, people, note },
})

/** A visit as its form shows it. */
export const visitValues = (visit: Visit): Record<string, unknown> => ({
  ...{ version: visit.version, day: visit.day, from: clockOf(visit.from), to: clockOf(visit.to), place: visit.place ?? '' },
  ...{ units: visit.units.map(one => String(one.unit)), host: String(visit.host), note: visit.note ?? '' },
  companions: visit.companions.map(one => String(one.user)),
  guests: visit.guests.map(({ name, email }) => ({ name, email: email ?? '' })),
  people: visit.people ?? '',
})

/** A new visit: tomorrow morning, shown by the lead's owner to those known of it, of the units the address names. */
export const freshValues = (req: Request, lead: Lead): Record<string, unknown> => ({
  ...{ day: addDays(today(req.park.zone), 1), from: '10:00', to: '11:00', place: '' },
  units: readMany(req, 'unit').filter(id => Types.ObjectId.isValid(id)),
  host: String(lead.owner ?? req.me!.id),
  companions: [],
  guests: lead.contacts.slice(0, MAX_GUESTS).map(({ name, email }) => ({ name, email: email ?? '' })),
})

const texts = (value: unknown): string[] => [value].flat().filter((one): one is string => typeof one === 'string' && one !== '')
const dayOr = (value: unknown, fallback: Day): Day => (isDay(value) ? value : fallback)

/** What the page of the form draws. */
export async function visitFormPage(req: Request, values: Record<string, unknown>) {
  const form = formState(req, values)
  // A group that was sent empty is empty: what was recorded must not come back.
  const typed = req.failed ? req.failed.values : form.values
  const day = dayOr(typed['day'], today(req.park.zone))
  const [units, hosts, companions] = await Promise.all([
    unitChoices(req.park._id, { from: day, to: day }, {}),
    ownersOf(req.park._id),
    companionsOf(req.park._id),
  ])
  const several = new Set(units.map(unit => unit.building)).size > 1
  const floors = new Map<string, typeof units>()
  for (const unit of units) {
    const name = several ? `${unit.building.toUpperCase()} · ${unit.floor}` : unit.floor
    floors.set(name, [...(floors.get(name) ?? []), unit])
  }
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
  return {
    form,
    floors: [...floors].map(([name, list]) => ({ name, units: list })),
    units: texts(typed['units']),
    guests: guestRows(typed['guests']) as Record<string, unknown>[],
    chosen: texts(typed['companions']),
    hosts: hosts.sort(byName).map(({ _id, name }) => [String(_id), name]),
    companions: companions.sort(byName).map(({ _id, name }) => [String(_id), name]),
    maxUnits: MAX_UNITS,
    scripts: ['row-order.js'],
  }
}

/** What an outcome says of the units, by their rows. */
export const judgement = z.enum(['yes', 'no', '']).optional()
export const likedOf = (value: z.output<typeof judgement>): boolean | null => (value === 'yes' ? true : value === 'no' ? false : null)
export const judgeForm = z.object({ liked: judgement, why: f.optionalText(300) })
const unitRow = z.object({ unit: f.id(), liked: judgement, why: f.optionalText(300) })
export const outcomeForm = z.object({
  version: f.version(),
  state: f.choice(['done', 'missed']),
  text: f.optionalText(2000),
  units: z.preprocess(listIn, z.array(unitRow).max(MAX_UNITS)),
  next: f.optionalText(200),
  nextOn: f.optionalDay(),
})
