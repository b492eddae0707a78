import { expect } from 'chai'
import type { Role } from '../../src/accounts/roles.ts'
import { allRoutes } from '../../src/web/router.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import type { Visitor } from '../setup/visitor.ts'
import { APPLICATION_FORM_ROUTES } from './application-form-routes.ts'
import { APPLICATION_ROUTES } from './application-routes.ts'
import { BLACKOUT_ROUTES } from './blackout-routes.ts'
import { BOOKING_ROUTES } from './booking-routes.ts'
import { CLUB_ROUTES } from './club-routes.ts'
import { COLUMNS, type Row } from './columns.ts'
import { EVENT_ROUTES } from './event-routes.ts'
import { FEED_ROUTES } from './feed-routes.ts'
import { GRID_ROUTES } from './grid-routes.ts'
import { HOLD_ROUTES } from './hold-routes.ts'
import { LEAD_BOARD_ROUTES } from './lead-board-routes.ts'
import { LEAD_EVENT_ROUTES } from './lead-event-routes.ts'
import { LEAD_REPORT_ROUTES } from './lead-report-routes.ts'
import { LEAD_ROUTES } from './lead-routes.ts'
import { MATCH_ROUTES } from './match-routes.ts'
import { MENTORING_ROUTES } from './mentoring-routes.ts'
import { OFFER_ROUTES } from './offer-routes.ts'
import { PARK_ROUTES } from './park-routes.ts'
import { ROOM_ROUTES } from './room-routes.ts'
import { SERIES_ROUTES } from './series-routes.ts'
import { SERVICE_ROUTES } from './service-routes.ts'
import { SITE_ROUTES } from './site-routes.ts'
import { TENANT_ROUTES } from './tenant-routes.ts'
import { TRUSTEE_ROUTES } from './trustee-routes.ts'
import { VISIT_ROUTES } from './visit-routes.ts'
import { buildWorld, type World } from './world.ts'

/**
 * Who may do what, over HTTP: every role and nobody, on every route, against one's own records, another tenant's and another
 * park's. The expected answers are written by hand in the data files; a route without a row fails.
 */
const ROWS = [
  ...SITE_ROUTES,
  ...PARK_ROUTES,
  ...TENANT_ROUTES,
  ...ROOM_ROUTES,
  ...BOOKING_ROUTES,
  ...SERIES_ROUTES,
  ...BLACKOUT_ROUTES,
  ...GRID_ROUTES,
  ...FEED_ROUTES,
  ...SERVICE_ROUTES,
  ...MENTORING_ROUTES,
  ...TRUSTEE_ROUTES,
  ...EVENT_ROUTES,
  ...APPLICATION_FORM_ROUTES,
  ...APPLICATION_ROUTES,
  ...CLUB_ROUTES,
  ...LEAD_EVENT_ROUTES,
  ...LEAD_ROUTES,
  ...OFFER_ROUTES,
  ...VISIT_ROUTES,
  ...MATCH_ROUTES,
  ...LEAD_REPORT_ROUTES,
  ...LEAD_BOARD_ROUTES,
  ...HOLD_ROUTES,
]
const RECORD =
  /:(unit|lease|tenant|contact|qualification|file|membership|invitation|claim|import|entry|room|photo|booking|series|blackout|wait|building|service|mentor|slot|session|action|agreement|event|attendee|pass|application|notice|listing|lead|offer|visit|seen|meeting|question|attachment)\b/
const SIGN_IN = /^\/sign-in/

const fill = (path: string, params: Record<string, string>): string => path.replace(/:(\w+)/g, (_all, name) => params[name] ?? `no-${name}`)

/** What came back, in the words of the data files. */
const wordFor = (status: number, location: string | undefined, fine: readonly number[]): string => {
  if (status === 303 && SIGN_IN.test(location ?? '')) return '-'
  if (fine.includes(status)) return '+'
  return status === 404 ? 'n' : status === 403 ? 'f' : String(status)
}

const fineFor = ([name, , fine]: Row): readonly number[] => fine ?? (name.startsWith('GET') ? [200] : [303, 409, 422])

async function ask(who: Visitor, name: string, params: Record<string, string>, fine: readonly number[]): Promise<string> {
  const [method, path] = name.split(' ') as ['GET' | 'POST', string]
  const address = fill(path, params)
  const answer = method === 'GET' ? await who.get(address) : await who.post(address)
  return wordFor(answer.status, answer.headers['location'], fine)
}

describe('role × route matrix', function () {
  this.timeout(300_000)
  useDatabase()
  let own: World
  let other: World
  const people: Visitor[] = []

  before(async () => {
    own = await buildWorld('matrix-own', 'matrix-district')
    other = await buildWorld('matrix-other', 'matrix-elsewhere')
    const places: Partial<Record<Role, object>> = {
      applicant: {},
      admin: {},
      official: { district: own.district },
      owner: { park: own.park, tenant: own.tenant },
      member: { park: own.park, tenant: own.tenant },
    }
    for (const role of COLUMNS) people.push(role === 'anonymous' ? visitor() : await signedInAs(role, places[role] ?? { park: own.park }))
  })

  /** Reading comes before doing, which may use up what a page needs; signing out comes last. */
  const turn = (name: string): number => (name.startsWith('GET') ? 0 : name === 'POST /sign-out' ? 2 : 1)
  const inOrder = (rows: Row[]): Row[] => [...rows].sort((a, b) => turn(a[0]) - turn(b[0]))

  async function compare(
    rows: Row[],
    params: (name: string, i: number) => Record<string, string>,
    expected: (row: Row, column: number) => string | null,
    ownRecords = false,
  ) {
    const wrong: string[] = []
    for (const row of inOrder(rows)) {
      const got: string[] = []
      const wanted: string[] = []
      for (const [i, who] of people.entries()) {
        const want = expected(row, i)
        if (want === null) continue
        const word = await ask(who, row[0], params(row[0], i), ownRecords ? fineFor(row) : fineFor(row).filter(status => status !== 404))
        wanted.push(want)
        // Of a record that isn't theirs to know of, 404 is the better refusal.
        got.push(want === 'f' && word === 'n' && !ownRecords ? 'f' : word)
      }
      if (got.join('') !== wanted.join('')) wrong.push(`${row[0]}: expected ${wanted.join('')}, got ${got.join(' ')}`)
    }
    expect(wrong.join('\n')).to.equal('')
  }

  it('has a row for every route, and a route for every row', () => {
    const routes = allRoutes.map(route => `${route.method.toUpperCase()} ${route.path}`)
    const names = ROWS.map(([name]) => name)
    expect(routes.filter(name => !names.includes(name))).to.deep.equal([])
    expect(names.filter(name => !routes.includes(name))).to.deep.equal([])
    expect(ROWS.filter(([, words]) => words.length !== COLUMNS.length).map(([name]) => name)).to.deep.equal([])
  })

  it('answers another park’s pages with 404 to everybody who isn’t of it', async () => {
    const rows = ROWS.filter(([name, words]) => words.startsWith('-') && /\/(parks\/:park\/|districts\/:district)/.test(name))
    const forAll = allRoutes.filter(route => route.access === 'signed-in').map(route => `${route.method.toUpperCase()} ${route.path}`)
    const strangers = ([name, words]: Row, i: number) => {
      // Who is signed in may apply in any park: nothing of it is asked for.
      if (forAll.includes(name) && !RECORD.test(name)) return words[i]!
      // An applicant is of no park: what they may do in one they may do in any.
      if (COLUMNS[i] === 'applicant') return words[i]!
      return COLUMNS[i] === 'anonymous' ? '-' : COLUMNS[i] === 'admin' ? null : 'n'
    }
    await compare(rows, (name, i) => other.params(name, i), strangers)
  })

  it('answers another park’s records with 404 on the pages of one’s own', async () => {
    const rows = ROWS.filter(([name]) => name.includes('/parks/:park/') && RECORD.test(name) && !name.includes(':building'))
    await compare(
      rows,
      (name, i) => ({ ...other.params(name, i), park: own.park }),
      ([, words], i) => (words[i] === '+' ? 'n' : words[i]!),
    )
  })

  it('answers another tenant’s records with 404 to a tenant’s people', async () => {
    const rows = ROWS.filter(
      ([name]) =>
        /:(lease|tenant|file|booking|series|wait|session|agreement|application|notice)\b/.test(name) && name.includes('/parks/:park/'),
    )
    await compare(
      rows,
      (name, i) => own.params(name, i, 'neighbour'),
      ([name, words], i) => {
        if (COLUMNS[i] !== 'owner' && COLUMNS[i] !== 'member') return null
        return words[i] === '+' && !name.includes('/drawing/') ? 'n' : words[i]!
      },
    )
  })

  it('lets each role do what it may on its own', async () => {
    await compare(
      ROWS,
      (name, i) => own.params(name, i),
      ([, words], i) => words[i]!,
      true,
    )
  })
})
