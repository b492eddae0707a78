import type { Request, Response } from 'express'
import { z } from 'zod'
import { dayAt } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { textIn } from '../lib/text.ts'
import { inHours } from '../lib/wall.ts'
import { translator } from '../locales/index.ts'
import { siteOf } from '../rooms/room-sign.ts'
import { f } from '../web/fields.ts'
import { readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'
import type { CertificateTask } from '../workers/event-certificate.ts'
import { inWorker } from '../workers/pool.ts'
import type { Attendee } from './attendee.ts'
import { findCertificate, type Given } from './certificate.ts'
import type { Event } from './event.ts'

/** A certificate on paper, and the page where anybody finds out whether one is real. */
const verifyPath = (park: string, number: string, code: string): string =>
  `/parks/${park}/certificates?number=${encodeURIComponent(number)}&code=${code}`

export const spanOf = ({ event }: Given): string => {
  const [first, last] = [event.sessions[0]!.day, event.sessions.at(-1)!.day]
  return first === last ? first : `${first} – ${last}`
}

/** A code in groups of four, as it is read from paper. */
export const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1 ')

/** The paper is Chinese with English below, whoever prints it. */
function paperOf(req: Request, given: Given): CertificateTask {
  const { certificate, event } = given
  const { park } = req
  const [zh, en] = [translator('zh-CN'), translator('en')]
  const day = dayAt(certificate.at, park.zone)
  const params = { sessions: certificate.sessions, hours: String(inHours(certificate.minutes)), span: spanOf(given) }
  const titles = { zh: textIn(event.title, 'zh-CN').text, en: textIn(event.title, 'en').text }
  const issuer = textIn(park.name, 'zh-CN').text
  return {
    heading: zh('event.paper.heading'),
    subheading: en('event.paper.heading').toUpperCase(),
    name: certificate.name,
    text: zh('event.paper.text', { ...params, title: titles.zh, park: issuer }),
    textEn: en('event.paper.text', { ...params, title: titles.en, park: textIn(park.name, 'en').text }),
    facts: [
      [zh('event.paper.number'), certificate.number],
      [zh('event.paper.code'), grouped(certificate.code)],
    ],
    issuer,
    day,
    address: `${siteOf(req)}${verifyPath(park._id, certificate.number, certificate.code)}`,
    hint: zh('event.paper.hint', { address: `${siteOf(req)}/parks/${park._id}/certificates` }),
    title: certificate.number,
  }
}

/** As a download; 404 until it was given. */
export async function printCertificate(req: Request, res: Response, { certificate }: Attendee, event: Event): Promise<void> {
  if (!certificate) throw notFound()
  const bytes = await inWorker<CertificateTask, Uint8Array>('event-certificate', paperOf(req, { certificate, event }))
  res.set({
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${certificate.number}.pdf"`,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'private, no-store',
  })
  res.send(Buffer.from(bytes))
}

const query = z.object({ number: f.optionalText(80), code: f.optionalText(40) })

async function verify(req: Request, res: Response): Promise<void> {
  const { number, code } = readQuery(req, query)
  const asked = number !== null && code !== null
  const found = asked ? await findCertificate(req.park._id, number, code) : null
  res.page('events/certificate', {
    number,
    code,
    asked,
    found,
    span: found && spanOf(found),
    hours: found && inHours(found.certificate.minutes),
    day: found && dayAt(found.certificate.at, req.park.zone),
  })
}

export const certificateRoutes = routes(({ get }) => {
  get('/', 'public', verify)
})
