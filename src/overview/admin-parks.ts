import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Bilingual } from '../lib/text.ts'
import { District } from '../parks/district.ts'
import { createPark } from '../parks/founding.ts'
import { PARK_KINDS, Park } from '../parks/park.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'

/** All parks, and founding a new one. */
async function index(_req: Request, res: Response): Promise<void> {
  const parks = await Park.find({}, { name: 1, shortName: 1, kind: 1, city: 1, homeDistrict: 1 }).sort({ _id: 1 }).lean()
  res.page('overview/admin-parks', { parks })
}

async function newPark(req: Request, res: Response): Promise<void> {
  const districts = await District.find().sort({ _id: 1 }).lean()
  res.page('overview/admin-park-new', { form: formState(req, { kind: 'enclave' }), districts, kinds: PARK_KINDS })
}

/** Part of an address that never changes. */
export const slugField = f.text(41).refine(text => /^[a-z][a-z0-9-]{1,40}$/.test(text), 'error.slug')

const form = z.object({
  slug: slugField,
  kind: f.choice(PARK_KINDS),
  nameZh: f.text(80),
  nameEn: f.optionalText(160),
  shortNameZh: f.text(20),
  shortNameEn: f.optionalText(40),
  taglineZh: f.text(120),
  taglineEn: f.optionalText(200),
  cityZh: f.text(30),
  cityEn: f.optionalText(60),
  bureauZh: f.text(80),
  bureauEn: f.optionalText(160),
  homeDistrict: f.text(41),
  hostDistrict: f.optionalText(41),
})

async function create(req: Request, res: Response): Promise<void> {
  const { slug, kind, homeDistrict, hostDistrict, ...texts } = readForm(req, form)
  const text = (name: 'name' | 'shortName' | 'tagline' | 'city' | 'bureau'): Bilingual => ({
    zh: texts[`${name}Zh`],
    en: texts[`${name}En`],
  })
  await commit(req, res, async () => {
    const park = { name: text('name'), shortName: text('shortName'), tagline: text('tagline'), city: text('city') }
    const places = { bureau: { name: text('bureau'), phone: null }, homeDistrict, hostDistrict }
    await createPark({ _id: slug, kind, ...park, ...places }, actor(req))
    flash(res, 'admin.parkCreated')
    return `/parks/${slug}/settings`
  })
}

export const adminParkRoutes = routes(({ get, post }) => {
  get('/', 'admin.parks', index)
  post('/', 'admin.parks', create, { again: newPark })
  get('/new', 'admin.parks', newPark)
})
