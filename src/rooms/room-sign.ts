import type { Request, Response } from 'express'
import { z } from 'zod'
import { config } from '../config.ts'
import { readQuery } from '../web/forms.ts'
import { roomPath } from './room.ts'
import { findRoom } from './room-viewer.ts'
import { ROOM_ICONS } from './room-words.ts'

/** The printed sign at a room's door, and the code on it that leads to the check-in. */
const SIZES = ['a5', 'a4'] as const
const query = z.object({ size: z.enum(SIZES).default('a5') })

/** The public address of this site: what a phone can open, wherever the page was asked for. */
export const siteOf = (req: Request): string => config.BASE_URL?.replace(/\/+$/, '') ?? `${req.protocol}://${req.get('host')}`

export async function sign(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  const address = `${siteOf(req)}${roomPath(room)}/here`
  res.page('rooms/sign', { room, address, sizes: SIZES, size: readQuery(req, query).size, symbol: ROOM_ICONS[room.kind] })
}

/** A code that leads to an address: black on white whatever the theme, for it is read by a camera. `level`: how much may be worn off. */
export async function sendQr(res: Response, address: string, level: 'M' | 'Q', cached: string): Promise<void> {
  // Loaded with the first code that is drawn, with its encoders for pictures nobody asks for.
  const { toString: drawQr } = await import('qrcode')
  const svg = await drawQr(address, { type: 'svg', margin: 2, errorCorrectionLevel: level })
  res.type('image/svg+xml').set('cache-control', cached).send(svg)
}

export const AN_HOUR = 'private, max-age=3600'

/** On a printed sign a quarter of it may be worn off. */
export async function qrCode(req: Request, res: Response): Promise<void> {
  const room = await findRoom(req)
  await sendQr(res, `${siteOf(req)}${roomPath(room)}/here`, 'Q', AN_HOUR)
}
