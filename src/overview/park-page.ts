import type { Request, Response } from 'express'
import { z } from 'zod'
import { reachOf } from '../accounts/identity.ts'
import { config } from '../config.ts'
import type { Area } from '../lib/area.ts'
import { today as todayIn } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { notFound } from '../lib/rule-error.ts'
import { District } from '../parks/district.ts'
import { isEnclave, type Park } from '../parks/park.ts'
import { wholePark } from '../parks/scope.ts'
import { ROOM_KINDS, type RoomKind } from '../rooms/room.ts'
import { Building } from '../spaces/building.ts'
import { type Offer, offersOf } from '../spaces/offers.ts'
import { byCode } from '../spaces/plan-layout.ts'
import { cornersText, MIN_CORNERS } from '../spaces/polygon.ts'
import { Unit } from '../spaces/unit.ts'
import { readQuery } from '../web/forms.ts'
import { routes } from '../web/router.ts'

/** What a park tells the public: who, where, what is free today and how to begin. Four reads, none of them grows with the park. */
const COUNTED = 24
const SHOWN = 12
const ALL = 1000
/** More floors than this make no picture of a building. */
const MOST_FLOORS = 12

/** The service that lets students found a company without a fee: it has a button of its own. */
const STUDENT_SERVICE = 'registration'
const HIGH_TECH = ['research', 'carrier', 'fintech']

type Home = Pick<Building, 'code' | 'name' | 'version' | 'floors'>
const HOME = {
  code: 1,
  name: 1,
  version: 1,
  'floors.code': 1,
  'floors.level': 1,
  'floors.area': 1,
  'floors.drawing.width': 1,
  'floors.drawing.height': 1,
}

const readHomes = (park: Park): Promise<Home[]> => scopedFind<Home>(Building, { park: park._id }, { projection: HOME, sort: { code: 1 } })

const homeDistrict = (park: Park) => (isEnclave(park) ? District.findById(park.homeDistrict, { name: 1, city: 1 }).lean() : null)

interface Thumb {
  file: string
  width: number
  height: number
}

/** The floor's outlines as a picture of its own: one for all units of a floor, kept by the browser until the building changes. */
function thumbOf(park: Park, home: Home | undefined, floor: string): Thumb | null {
  const drawing = home?.floors.find(one => one.code === floor)?.drawing
  if (!home || !drawing?.width || !drawing.height) return null
  const path = `/parks/${park._id}/outlines/${encodeURIComponent(home.code)}/${encodeURIComponent(floor)}.svg`
  return { file: `${path}?v=${home.version}`, width: drawing.width, height: drawing.height }
}

/** The building from the top floor down, with what each floor offers. */
function levelsOf(homes: Home[], offers: Offer[]): { code: string; level: number; units: number; free: Area; share: number }[] {
  const [home] = homes
  if (!home || homes.length > 1 || home.floors.length > MOST_FLOORS) return []
  return [...home.floors]
    .sort((a, b) => b.level - a.level)
    .map(({ code, level, area }) => {
      const here = offers.filter(offer => offer.unit.floor === code)
      const free = here.reduce((sum, offer) => sum + offer.unit.gross, 0)
      return { code, level, units: here.length, free, share: area ? Math.min(1, free / area) : 0 }
    })
}

/** Rooms by the amenity that tells of them; football is played on a field, all others are called alike. */
const kindOf = (amenity: string): string => (amenity === 'football' ? 'field' : amenity)

/** An amenity that is a kind of room leads people who may see rooms to those of its kind; no read for it. */
function roomsBehind(req: Request): (amenity: string) => RoomKind | null {
  if (!reachOf(req.me, 'room.read', req.park)) return () => null
  return amenity => ROOM_KINDS.find(kind => kind === kindOf(amenity)) ?? null
}

const query = z.object({ show: z.enum(['all']).optional() })

async function show(req: Request, res: Response): Promise<void> {
  const park = await wholePark(req)
  const all = readQuery(req, query).show === 'all'
  const today = todayIn(park.zone)
  const [homes, { offers, more }, district] = await Promise.all([
    readHomes(park),
    offersOf(park, today, all ? ALL : COUNTED),
    homeDistrict(park),
  ])
  const byHome = new Map(homes.map(home => [home.code, home]))
  const levelOf = ({ unit }: Offer): number => byHome.get(unit.building)?.floors.find(floor => floor.code === unit.floor)?.level ?? 0
  // What stays free longest comes first; the longest free among them before the others.
  const shown = all ? offers : [...offers].sort((a, b) => (a.until < b.until ? 1 : a.until > b.until ? -1 : 0)).slice(0, SHOWN)
  const sorted = [...shown].sort(
    (a, b) => a.unit.building.localeCompare(b.unit.building) || levelOf(a) - levelOf(b) || byCode(a.unit, b.unit),
  )
  const floors = homes.flatMap(home => home.floors)
  const [plain, hightech] = [false, true].map(wanted => park.industries.filter(name => HIGH_TECH.includes(name) === wanted))
  res.page('overview/park', {
    park,
    offers: sorted.map(offer => ({
      ...offer,
      thumb: thumbOf(park, byHome.get(offer.unit.building), offer.unit.floor),
      home: homes.length > 1 ? (byHome.get(offer.unit.building)?.name ?? null) : null,
    })),
    all,
    total: offers.length,
    more,
    free: offers.reduce((sum, offer) => sum + offer.unit.gross, 0),
    levels: more ? [] : levelsOf(homes, offers),
    floors: { up: floors.filter(floor => floor.level > 0).length, down: floors.filter(floor => floor.level < 0).length },
    enclave: isEnclave(park),
    district,
    industries: { plain, hightech },
    student: park.services.some(service => service.code === STUDENT_SERVICE && service.free) ? STUDENT_SERVICE : null,
    roomsOf: roomsBehind(req),
    base: config.BASE_URL ?? null,
  })
}

/** A floor's outlines, to be drawn under the unit on offer. Shapes only: no codes, no names, no states. */
async function outlines(req: Request, res: Response): Promise<void> {
  const { building, floor } = req.params as { building: string; floor: string }
  const on = todayIn(req.park.zone)
  const units = await scopedFind<Pick<Unit, '_id' | 'outline'>>(
    Unit,
    { park: req.park._id, building, floor, activeFrom: { $lte: on }, activeTo: { $gte: on } },
    { projection: { outline: 1 } },
  )
  const drawn = units.filter(unit => unit.outline.length >= MIN_CORNERS)
  if (!drawn.length) throw notFound()
  res.type('image/svg+xml').set('cache-control', 'public, max-age=3600')
  res.render('overview/outlines', { units: drawn.map(unit => ({ id: String(unit._id), points: cornersText(unit.outline) })) })
}

export const publicParkRoutes = routes(({ get }) => {
  get('/', 'public', show)
  get('/outlines/:building/:floor.svg', 'public', outlines)
})
