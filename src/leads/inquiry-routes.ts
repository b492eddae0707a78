import type { Request, Response } from 'express'
import { z } from 'zod'
import { countOpenForm } from '../accounts/throttle.ts'
import { config } from '../config.ts'
import { plainArea } from '../lib/area.ts'
import { today } from '../lib/days.ts'
import { INDUSTRIES } from '../parks/park.ts'
import { offeredUnit } from '../spaces/offers.ts'
import { PRODUCTS } from '../spaces/unit.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { formState, readForm, readQuery, seeOther } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { inquire } from './inquire.ts'
import { isRange, NO_WISH } from './lead.ts'

/** “We want to move in”: the form anybody may write into, on a phone and without an account. */
const inquiryForm = z
  .object({
    name: f.text(100),
    contact: f.text(60),
    phone: f.optionalPhone(),
    email: f.optionalEmail(),
    areaFrom: f.optionalArea(),
    areaTo: f.optionalArea(),
    product: f.blankOr(f.choice(PRODUCTS)),
    desks: f.optionalWhole(1, 9999),
    budget: f.optionalMoney(),
    moveIn: f.optionalDay(),
    industry: f.blankOr(f.choice(INDUSTRIES)),
    origin: f.optionalText(60),
    heard: f.optionalText(100),
    message: f.optionalText(1000),
    unit: f.optionalId(),
    consent: f.check().refine(Boolean, 'error.inquiry.consent'),
    website: f.optionalText(200),
  })
  .refine(isRange, {
    message: 'error.inquiry.area',
    path: ['areaTo'],
  })
  // Said together with all else that is missing: nobody should have to send the form twice to learn it.
  .refine(({ phone, email }) => Boolean(phone || email), {
    message: 'error.inquiry.reach',
    path: ['phone'],
    when: ({ issues }) => !issues.some(({ path }) => path?.[0] === 'phone' || path?.[0] === 'email'),
  })

const query = z.object({ unit: z.string().max(24).optional() })

/** The unit asked for, by the address or by the form that comes back: only what the park offers in public is named. */
async function unitOf(req: Request) {
  const asked = req.failed ? req.failed.values['unit'] : readQuery(req, query).unit
  const id = f.optionalId().safeParse(asked)
  return id.success && id.data ? offeredUnit(req.park, id.data, today(req.park.zone)) : null
}

async function form(req: Request, res: Response): Promise<void> {
  const unit = await unitOf(req)
  const known = {
    ...(req.me ? { contact: req.me.name, email: req.me.email } : {}),
    ...(unit ? { unit: unit._id, areaFrom: plainArea(unit.gross), product: unit.product, desks: unit.desks ?? '' } : {}),
  }
  res.page('leads/inquiry', {
    unit,
    form: formState(req, known),
    products: PRODUCTS.map(code => [code, req.t(`space.product.${code}`)]),
    industries: INDUSTRIES.map(code => [code, req.t(`parks.industry.${code}`)]),
    base: config.BASE_URL ?? null,
  })
}

async function send(req: Request, res: Response): Promise<void> {
  const { website, consent: _consent, areaFrom, areaTo, product, desks, budget, moveIn, ...said } = readForm(req, inquiryForm)
  const thanks = `/parks/${req.park._id}/inquiries/thanks`
  // A field nobody sees was filled in: a robot. It learns nothing.
  if (website) return seeOther(res, thanks)
  await countOpenForm(req, 'inquiry')
  await commit(req, res, async () => {
    // Nobody is signed in: the trail names who asked.
    const by = req.me ? actor(req) : { ...actor(req), name: said.contact }
    const wish = { ...NO_WISH, areaFrom, areaTo, product, desks, budget, from: moveIn }
    await inquire(req.park, { ...said, wish }, req.lang, by)
    return thanks
  })
}

const thanks = (_req: Request, res: Response): void => res.page('leads/thanks', { base: config.BASE_URL ?? null })

export const inquiryRoutes = routes(({ get, post }) => {
  get('/new', 'public', form)
  post('/new', 'public', send, { again: form })
  get('/thanks', 'public', thanks)
})
