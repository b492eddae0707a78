import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Key } from '../locales/index.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { readForm } from '../web/forms.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { offerPath } from './offer.ts'
import { doerOf } from './offer-form.ts'
import { issuerOf, printForSending } from './offer-paper.ts'
import { findOffer, showOffer } from './offer-routes.ts'
import { acceptOffer, declineOffer, sendOffer, withdrawOffer } from './offer-steps.ts'
import { refuseStranger } from './steps.ts'

/** The steps of an offer: it goes out, and it ends. Each names the version whose page was seen. */
const HOW = ['mail', 'hand'] as const
const sendForm = z.object({ version: f.version(), how: f.choice(HOW) })
const answerForm = z.object({ version: f.version(), note: f.optionalText(500) })

async function send(req: Request, res: Response): Promise<void> {
  const { version, how } = readForm(req, sendForm)
  const { offer, lead } = await findOffer(req)
  const doer = doerOf(req)
  // Before the printing, which takes its time; the transaction asks again.
  refuseStranger(lead, doer.by, doer.leads)
  const issuer = await issuerOf(lead, { name: req.me!.name, email: req.me!.email })
  const printed = await printForSending(req.park, offer, issuer, doer.by.id)
  await commit(req, res, async () => {
    await sendOffer(req.park, printed, { version, mail: how === 'mail', replyTo: issuer.email }, doer)
    flash(res, how === 'mail' ? 'offer.done.sent' : 'offer.done.handed')
    return offerPath(offer)
  })
}

const step =
  (work: typeof acceptOffer, done: Key) =>
  async (req: Request, res: Response): Promise<void> => {
    const answer = readForm(req, answerForm)
    const { offer } = await findOffer(req)
    await commit(req, res, async () => {
      await work(req.park, offer._id, answer, doerOf(req))
      flash(res, done)
      return offerPath(offer)
    })
  }

const again = { again: showOffer }
export const offerStepRoutes = routes(({ post }) => {
  post('/:lead/offers/:offer/sending', 'lead.work', send, again)
  post('/:lead/offers/:offer/acceptance', 'lead.work', step(acceptOffer, 'offer.done.accepted'), again)
  post('/:lead/offers/:offer/refusal', 'lead.work', step(declineOffer, 'offer.done.declined'), again)
  post('/:lead/offers/:offer/withdrawal', 'lead.work', step(withdrawOffer, 'offer.done.withdrawn'), again)
})
