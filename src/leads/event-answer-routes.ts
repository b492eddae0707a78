import type { Request, Response } from 'express'
import type { Actor } from '../accounts/identity.ts'
import { countOpenForm } from '../accounts/throttle.ts'
import { Attendee } from '../events/attendee.ts'
import { drawPublic, findPublic, type Invited, joinPublic } from '../events/public-routes.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { actor } from '../web/context.ts'
import { param } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { declineInvitation, type Found, findInvitation, markOpened, tieAttendee } from './event-answers.ts'
import { invitationPath } from './event-invitation.ts'
import { mailContact } from './event-invitations.ts'

/** The page behind the link of an invitation: the event's own, with what is known of who was asked in the form. The address says nothing of them. */
async function invitedOf(req: Request, { invitation, lead }: Found, code: string): Promise<Invited> {
  const contact = lead.contacts.find(one => one.name === invitation.contact) ?? mailContact(lead)
  const { park, event, declinedAt } = invitation
  const filter = { park, event, lead: lead._id, state: { $ne: 'cancelled' } }
  const came = await scopedFind(Attendee, filter, { projection: { _id: 1 }, limit: 1 })
  const known = { name: contact?.name ?? '', phone: contact?.phone ?? '', email: contact?.email ?? '', organisation: lead.name }
  return {
    name: contact?.name ?? lead.name,
    path: invitationPath(park, code, param(req, 'invited')),
    state: came.length ? 'signedUp' : declinedAt ? 'declined' : 'open',
    // Who signs a colleague up types them.
    known: came.length ? { organisation: lead.name } : known,
  }
}

async function show(req: Request, res: Response): Promise<void> {
  const event = await findPublic(req)
  const found = await findInvitation(event, param(req, 'invited'))
  await markOpened(found.invitation)
  res.set('referrer-policy', 'no-referrer').set('cache-control', 'private, no-store').set('x-robots-tag', 'noindex')
  await drawPublic(req, res, event, await invitedOf(req, found, event.code))
}

/** Nobody is signed in: the trail names who was asked. */
const actorAt = (req: Request, { invitation }: Found): Actor =>
  req.me ? actor(req) : { ...actor(req), id: 'invited', name: invitation.contact }

async function join(req: Request, res: Response): Promise<void> {
  const event = await findPublic(req)
  const found = await findInvitation(event, param(req, 'invited'))
  await joinPublic(req, res, event, attendee => tieAttendee(event, found, attendee, actorAt(req, found)))
}

async function decline(req: Request, res: Response): Promise<void> {
  const event = await findPublic(req)
  const token = param(req, 'invited')
  const found = await findInvitation(event, token)
  await countOpenForm(req, 'event', 1)
  await commit(req, res, async () => {
    await declineInvitation(event, found, actorAt(req, found))
    return invitationPath(event.park, event.code, token)
  })
}

export const eventAnswerRoutes = routes(({ get, post }) => {
  get('/:event/invitations/:invited', 'public', show)
  post('/:event/invitations/:invited', 'public', join, { again: show })
  post('/:event/invitations/:invited/declination', 'public', decline, { again: show })
})
