import type { Request, Response } from 'express'
import { z } from 'zod'
import { historyOf } from '../audit/history.ts'
import { today, yearOf } from '../lib/days.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, readForm, readQuery } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { isPublished, keepsChineseHolidays } from './calendar-base.ts'
import { addEntry, changeEntry, type EntryInput, FIRST_DAY, LAST_DAY, loadEntry, removeEntry } from './calendar-change.ts'
import { OWN_KINDS } from './calendar-day.ts'
import { yearOfPark } from './calendar-year.ts'

/** The page of a park's calendar: a year with its holidays and make-up days, and the park's own entries. */
const [FIRST, LAST] = [yearOf(FIRST_DAY), yearOf(LAST_DAY)]
const query = z.object({ year: z.coerce.number().int().min(FIRST).max(LAST).optional() })

const fields = z.object({
  from: f.day(),
  to: f.optionalDay(),
  kind: f.choice(OWN_KINDS),
  nameZh: f.text(60),
  nameEn: f.optionalText(80),
})
const changeForm = fields.extend({ version: f.version() })
const removeForm = z.object({ version: f.version() })

const inputOf = ({ from, to, kind, nameZh, nameEn }: z.output<typeof fields>): EntryInput => ({
  from,
  to: to ?? from,
  kind,
  name: { zh: nameZh, en: nameEn },
})

const pathOf = (req: Request, day: string): string => `/parks/${req.park._id}/settings/calendar?year=${day.slice(0, 4)}`

async function show(req: Request, res: Response): Promise<void> {
  const year = readQuery(req, query).year ?? yearOf(today(req.park.zone))
  const calendar = await yearOfPark(req.park, year)
  const history = await historyOf(req, 'calendar', req.park._id)
  const national = keepsChineseHolidays(req.park.zone)
  res.page('parks/calendar', {
    form: formState(req, { kind: 'holiday' }),
    history,
    year,
    ...calendar,
    national,
    unknown: national && !isPublished(year),
    previous: year > FIRST ? year - 1 : null,
    next: year < LAST ? year + 1 : null,
    kinds: OWN_KINDS,
  })
}

async function add(req: Request, res: Response): Promise<void> {
  const input = inputOf(readForm(req, fields))
  await commit(req, res, async () => {
    await addEntry(req.park._id, input, actor(req))
    flash(res, 'calendar.added')
    return pathOf(req, input.from)
  })
}

async function edit(req: Request, res: Response): Promise<void> {
  const entry = await loadEntry(req.park._id, idParam(req, 'entry'))
  const { from, to, kind, name, version } = entry
  const form = formState(req, { from, to, kind, nameZh: name.zh, nameEn: name.en, version })
  res.page('parks/calendar-entry', { form, entry, kinds: OWN_KINDS, back: pathOf(req, from) })
}

async function change(req: Request, res: Response): Promise<void> {
  const { version, ...form } = readForm(req, changeForm)
  const input = inputOf(form)
  await commit(req, res, async () => {
    await changeEntry(req.park._id, idParam(req, 'entry'), version, input, actor(req))
    flash(res, 'calendar.saved')
    return pathOf(req, input.from)
  })
}

async function remove(req: Request, res: Response): Promise<void> {
  const { version } = readForm(req, removeForm)
  await commit(req, res, async () => {
    const entry = idParam(req, 'entry')
    const { from } = await loadEntry(req.park._id, entry)
    await removeEntry(req.park._id, entry, version, actor(req))
    flash(res, 'calendar.removed')
    return pathOf(req, from)
  })
}

export const calendarRoutes = routes(({ get, post }) => {
  get('/', 'park.edit', show)
  post('/', 'park.edit', add, { again: show })
  get('/:entry', 'park.edit', edit)
  post('/:entry', 'park.edit', change, { again: edit })
  post('/:entry/removal', 'park.edit', remove, { again: edit })
})
