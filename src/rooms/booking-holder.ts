import type { Request } from 'express'
import { Types } from 'mongoose'
import { Membership, User } from '../accounts/user.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound, RuleError } from '../lib/rule-error.ts'
import { Tenant } from '../tenants/tenant.ts'
import { FOR, type For, type Who } from './booking-form.ts'
import { tenantContact } from './tenant-contact.ts'
import { outsideHolder, parkHolder, studentHolder, tenantHolder, type Viewer } from './viewer.ts'
import type { Holder } from './wish.ts'

/** In whose name somebody books: their company's or their own; at the desk, in anybody's. */
export interface Booker {
  holder: Holder
  contact: Types.ObjectId | null
}

export function allowedFor(viewer: Viewer): For[] {
  if (viewer.desk) return [...FOR]
  const own: Record<For, boolean> = { tenant: viewer.tenants.length > 0, student: viewer.applicant, outside: false, park: viewer.staff }
  return FOR.filter(name => own[name])
}

/** As whom they book where they don't say: their company, else as a founder, else for the park they work for. */
export const usualFor = (viewer: Viewer): For => (viewer.tenants.length ? 'tenant' : viewer.applicant ? 'student' : 'park')

interface Named {
  _id: Types.ObjectId
  name: string
}

/** Founders without a company: applicants of this park. */
async function studentsOf(park: string): Promise<Named[]> {
  const rows = await Membership.find({ park, role: 'applicant' }, { user: 1 }).lean()
  return (await User.find({ _id: { $in: rows.map(row => row.user) }, disabled: false }, { name: 1 })
    .sort({ name: 1 })
    .limit(3000)
    .lean()) as Named[]
}

export interface Choices {
  for: For[]
  tenants: Named[]
  students: Named[]
}

/** What the form lets them choose from: all companies at the desk, else the person's own. */
export async function choicesOf(req: Request, viewer: Viewer): Promise<Choices> {
  const allowed = allowedFor(viewer)
  const park = req.park._id
  const own = viewer.desk ? {} : { _id: { $in: viewer.tenants.map(id => new Types.ObjectId(id)) } }
  const [tenants, students] = await Promise.all([
    allowed.includes('tenant')
      ? scopedFind<Named>(Tenant, { park, mergedInto: null, ...own }, { projection: { name: 1 }, sort: { name: 1 }, limit: 3000 })
      : [],
    viewer.desk ? studentsOf(park) : [],
  ])
  return { for: allowed, tenants, students }
}

async function forTenant(req: Request, viewer: Viewer, chosen: Types.ObjectId | null): Promise<Booker> {
  const id = chosen ?? (viewer.tenants[0] && !viewer.desk ? new Types.ObjectId(viewer.tenants[0]) : null)
  if (!id) throw new RuleError('booking.noTenant', {}, { field: 'tenant' })
  const own = viewer.tenants.includes(String(id))
  if (!own && !viewer.desk) throw notFound()
  const holder = await tenantHolder(req.park._id, id)
  return { holder, contact: own ? new Types.ObjectId(viewer.id) : ((await tenantContact(req.park._id, id))?._id ?? null) }
}

async function forStudent(req: Request, viewer: Viewer, chosen: Types.ObjectId | null): Promise<Booker> {
  if (!viewer.desk || (viewer.applicant && !chosen)) {
    const { id, name } = req.me!
    return { holder: studentHolder({ id, name }), contact: new Types.ObjectId(id) }
  }
  if (!chosen) throw new RuleError('booking.noStudent', {}, { field: 'student' })
  if (!(await Membership.exists({ park: req.park._id, role: 'applicant', user: chosen }))) throw notFound()
  const user = await User.findById(chosen, { name: 1 }).orFail(notFound).lean()
  return { holder: studentHolder({ id: String(chosen), name: user.name }), contact: chosen }
}

type Chosen = Pick<Who, 'for' | 'tenant' | 'student'> & Partial<Who>

/** Whose the booking will be. Throws booking.notFor (422) for a choice that isn't the person's, 404 for another company's. */
export async function bookerOf(req: Request, viewer: Viewer, who: Chosen): Promise<Booker> {
  const name = who.for ?? usualFor(viewer)
  if (!allowedFor(viewer).includes(name)) throw new RuleError('booking.notFor', {}, { field: 'for' })
  if (name === 'tenant') return forTenant(req, viewer, who.tenant)
  if (name === 'student') return forStudent(req, viewer, who.student)
  if (name === 'park') return { holder: parkHolder(req.park), contact: new Types.ObjectId(viewer.id) }
  return { holder: outsideHolder(who.partyName ?? '', who.partyPhone ?? null, who.partyEmail ?? null), contact: null }
}

/** The same for a booking that is really made: an outside party has a name and a way to reach it. */
export async function demandBooker(req: Request, viewer: Viewer, who: Who): Promise<Booker> {
  const booker = await bookerOf(req, viewer, who)
  if (booker.holder.class !== 'outside') return booker
  if (!who.partyName) throw new RuleError('required', {}, { field: 'partyName' })
  if (!who.partyPhone && !who.partyEmail) throw new RuleError('booking.noPhone', {}, { field: 'partyPhone' })
  return booker
}
