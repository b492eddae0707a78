import type { Request, Response } from 'express'
import { z } from 'zod'
import { inviteOfficial, officialsOf, revokeOfficial } from '../accounts/officials.ts'
import { FOREVER } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { District } from '../parks/district.ts'
import { createDistrict, editDistrict } from '../parks/founding.ts'
import { Park } from '../parks/park.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, param, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { slugField } from './admin-parks.ts'

/** Districts with their validity, and the people of their bureaus. */
type Stored = District & { updatedAt: Date }

async function index(_req: Request, res: Response): Promise<void> {
  const districts = await District.find().sort({ _id: 1 }).lean()
  const parks = await Park.find({}, { homeDistrict: 1 }).lean()
  res.page('overview/admin-districts', { districts, count: (slug: string) => parks.filter(park => park.homeDistrict === slug).length })
}

const fields = {
  nameZh: f.text(60),
  nameEn: f.optionalText(120),
  bureauZh: f.text(80),
  bureauEn: f.optionalText(160),
  cityZh: f.text(30),
  cityEn: f.optionalText(60),
  validFrom: f.day(),
  validTo: f.optionalDay(),
  successor: f.optionalText(41),
  leadsKnown: f.check(),
}
const newForm = z.object({ slug: slugField, ...fields })
const editForm = z.object({ version: f.text(20), ...fields })

function districtFrom(_id: string, form: Omit<z.output<typeof newForm>, 'slug'>): District {
  const { nameZh, nameEn, bureauZh, bureauEn, cityZh, cityEn, validFrom, validTo, successor, leadsKnown } = form
  return {
    _id,
    name: { zh: nameZh, en: nameEn },
    bureau: { zh: bureauZh, en: bureauEn },
    city: { zh: cityZh, en: cityEn },
    validFrom,
    validTo: validTo ?? FOREVER,
    successor,
    leadsKnown,
  }
}

const valuesOf = ({ name, bureau, city, validFrom, validTo, successor, leadsKnown, updatedAt }: Stored) => ({
  nameZh: name.zh,
  nameEn: name.en,
  bureauZh: bureau.zh,
  bureauEn: bureau.en,
  cityZh: city.zh,
  cityEn: city.en,
  validFrom,
  validTo: validTo === FOREVER ? '' : validTo,
  successor,
  leadsKnown: Boolean(leadsKnown),
  version: String(updatedAt.getTime()),
})

async function newDistrict(req: Request, res: Response): Promise<void> {
  const districts = await District.find().sort({ _id: 1 }).lean()
  res.page('overview/admin-district', { form: formState(req, {}), district: null, districts, officials: [] })
}

async function create(req: Request, res: Response): Promise<void> {
  const { slug, ...form } = readForm(req, newForm)
  await commit(req, res, async () => {
    await createDistrict(districtFrom(slug, form), actor(req))
    flash(res, 'app.saved')
    return `/admin/districts/${slug}`
  })
}

async function findDistrict(req: Request): Promise<Stored> {
  const found = await District.findById(param(req, 'slug')).lean()
  if (!found) throw notFound()
  return found as unknown as Stored
}

async function edit(req: Request, res: Response): Promise<void> {
  const district = await findDistrict(req)
  const [districts, officials] = await Promise.all([
    District.find({ _id: { $ne: district._id } })
      .sort({ _id: 1 })
      .lean(),
    officialsOf(district._id),
  ])
  res.page('overview/admin-district', { form: formState(req, valuesOf(district)), district, districts, officials })
}

async function save(req: Request, res: Response): Promise<void> {
  const { version, ...form } = readForm(req, editForm)
  await commit(req, res, async () => {
    const slug = param(req, 'slug')
    await editDistrict(districtFrom(slug, form), new Date(Number(version) || 0), actor(req))
    flash(res, 'app.saved')
    return `/admin/districts/${slug}`
  })
}

async function inviteOne(req: Request, res: Response): Promise<void> {
  const { email } = readForm(req, z.object({ email: f.email() }))
  const district = await findDistrict(req)
  await commit(req, res, async () => {
    await inviteOfficial({ slug: district._id, place: textIn(district.bureau, req.lang).text }, email, req.lang, actor(req))
    flash(res, 'accounts.people.invited')
    return `/admin/districts/${district._id}`
  })
}

async function revokeOne(req: Request, res: Response): Promise<void> {
  await commit(req, res, async () => {
    await revokeOfficial(param(req, 'slug'), idParam(req, 'membership'), actor(req))
    flash(res, 'accounts.people.revoked')
    return `/admin/districts/${param(req, 'slug')}`
  })
}

export const adminDistrictRoutes = routes(({ get, post }) => {
  get('/', 'admin.parks', index)
  post('/', 'admin.parks', create, { again: newDistrict })
  get('/new', 'admin.parks', newDistrict)
  get('/:slug', 'admin.parks', edit)
  post('/:slug', 'admin.parks', save, { again: edit })
  post('/:slug/officials', 'admin.users', inviteOne, { again: edit })
  post('/:slug/officials/:membership/revocation', 'admin.users', revokeOne, { again: edit })
})
