import type { Types } from 'mongoose'
import { type Actor, SYSTEM } from '../../accounts/identity.ts'
import type { Equipment, Extra, RoomKind, RoomRule, Span, UserClass } from '../../rooms/room.ts'
import { createRoom, setRules } from '../../rooms/room-edit.ts'

/**
 * The rooms of the demo. Which amenities Dongxin has was published (FACTS); how large they are, where exactly, and on what terms they
 * are booked was not: that is made up. Prices in fen, times in minutes.
 */
interface Plan {
  code: string
  zh: string
  en: string
  kind: RoomKind
  capacity: number
  place: [zh: string, en: string]
  text?: [zh: string, en: string]
  equipment: Equipment[]
  extras?: Extra[]
  release?: number
  rules: Partial<Record<UserClass, Partial<RoomRule>>>
  parts?: Plan[]
}

const HOUR = 60
const at = (from: number, to: number): Span => ({ from: from * HOUR, to: to * HOUR })
const days = (workday: Span | null, weekend: Span | null = null, holiday: Span | null = null) => ({ workday, weekend, holiday })

const OFFICE = days(at(8, 21), at(9, 18))
const LEISURE = days(at(8, 22), at(9, 22), at(9, 21))

const BASE: Omit<RoomRule, 'class'> = {
  hours: OFFICE,
  step: 30,
  min: 30,
  max: 4 * HOUR,
  notice: 0,
  horizon: 30,
  before: 0,
  after: 0,
  approval: false,
  price: 0,
  freeHours: false,
  cancelBefore: 2 * HOUR,
  cancelPercent: 0,
}

/** Whoever works for the park books for its own work without a price, and further ahead. */
const own = (more: Partial<RoomRule> = {}): Partial<RoomRule> => ({ max: 10 * HOUR, horizon: 180, ...more })

/** A room with a price: founders pay less than companies, others more and ahead; free hours count for the first two. */
function priced(tenant: number, student: number, outside: number, more: Partial<RoomRule> = {}): Plan['rules'] {
  const shared = { cancelPercent: 50, ...more }
  return {
    tenant: { ...shared, price: tenant * 100, freeHours: true },
    student: { ...shared, price: student * 100, freeHours: true, max: 3 * HOUR },
    outside: { ...shared, price: outside * 100, notice: 24 * HOUR, min: 60, cancelBefore: 24 * HOUR, approval: true },
    park: own(more.hours ? { hours: more.hours } : {}),
  }
}

/** Free of charge for the people of the park, and nobody else. */
const shared = (more: Partial<RoomRule> = {}): Plan['rules'] => ({ tenant: more, student: more, park: own(more) })

const TEA: Extra = { code: 'tea', name: { zh: '茶水', en: 'Tea and water' }, per: 'person', fen: 500 }
const CATERING: Extra = { code: 'catering', name: { zh: '茶歇', en: 'Coffee break' }, per: 'person', fen: 3000 }
const CARDS: Extra = { code: 'cards', name: { zh: '桌牌', en: 'Name cards' }, per: 'each', fen: 200 }
const TECHNICIAN: Extra = { code: 'technician', name: { zh: '音响师', en: 'Sound technician' }, per: 'hour', fen: 12_000 }
const MICROPHONES: Extra = { code: 'microphones', name: { zh: '无线话筒', en: 'Wireless microphone' }, per: 'each', fen: 0 }

const SERVICE_HALL: Plan['place'] = ['1F 公共服务大厅', '1F, public service hall']
const MEETING: Equipment[] = ['screen', 'whiteboard', 'wifi', 'water', 'accessible']

const meeting = (code: string, zh: string, en: string, capacity: number, more: Equipment[] = []): Plan => ({
  ...{ code, zh, en, capacity, kind: 'meeting', place: SERVICE_HALL, equipment: [...MEETING, ...more], extras: [TEA] },
  release: 15,
  rules: priced(60, 30, 120),
})

const HALL_TERMS: Partial<RoomRule> = {
  ...{ hours: days(at(8, 22), at(8, 22), at(9, 21)), step: 30, min: 60, max: 10 * HOUR, horizon: 90 },
  ...{ before: 30, after: 30, cancelBefore: 48 * HOUR, approval: true },
}
const HALL_EQUIPMENT: Equipment[] = ['projector', 'audio', 'microphone', 'stage', 'lighting', 'wifi', 'accessible']
const half = (code: string, zh: string, en: string, capacity: number): Plan => ({
  ...{ code, zh, en, capacity, kind: 'hall', place: ['1F 公共服务大厅东侧', '1F, east side of the service hall'] },
  equipment: HALL_EQUIPMENT.filter(name => name !== 'stage' || code.endsWith('A')),
  extras: [CATERING, CARDS, MICROPHONES],
  rules: priced(200, 100, 500, { ...HALL_TERMS, approval: false }),
})

const DONGXIN: Plan[] = [
  {
    ...{ code: 'QT', zh: '洽谈区', en: 'Negotiation area', kind: 'negotiation', capacity: 8, place: SERVICE_HALL },
    equipment: ['wifi', 'water', 'accessible'],
    extras: [TEA],
    rules: shared({ max: 2 * HOUR, horizon: 14 }),
  },
  meeting('M1', '小会议室一', 'Small meeting room 1', 6),
  meeting('M2', '小会议室二', 'Small meeting room 2', 8, ['video', 'phone']),
  meeting('M3', '小会议室三', 'Small meeting room 3', 12, ['video', 'phone']),
  {
    ...{ code: 'H', zh: '大型多功能会议室', en: 'Large multi-function meeting room', kind: 'hall', capacity: 200 },
    place: ['1F 公共服务大厅东侧', '1F, east side of the service hall'],
    text: [
      '推介会、路演和培训用。可隔成 A、B 两厅：预订整间会占用两厅，两厅可分别预订。',
      'For briefings, roadshows and trainings. Divides into A and B: the whole takes both, each half can be booked on its own.',
    ],
    equipment: HALL_EQUIPMENT,
    extras: [CATERING, CARDS, MICROPHONES, TECHNICIAN],
    rules: priced(360, 180, 900, HALL_TERMS),
    parts: [
      half('H-A', '大型多功能会议室 A 厅', 'Multi-function meeting room, half A', 120),
      half('H-B', '大型多功能会议室 B 厅', 'Multi-function meeting room, half B', 80),
    ],
  },
  {
    ...{ code: 'LB', zh: '休闲吧', en: 'Lounge bar', kind: 'lounge', capacity: 30, place: SERVICE_HALL },
    equipment: ['screen', 'audio', 'wifi', 'water'],
    extras: [TEA, CATERING],
    rules: priced(100, 50, 200, { hours: days(at(17, 22), at(9, 22), at(9, 21)), min: 60, after: 30 }),
  },
  {
    ...{ code: 'CB', zh: '咖啡吧', en: 'Coffee bar', kind: 'coffee', capacity: 24, place: SERVICE_HALL },
    equipment: ['wifi', 'water', 'accessible'],
    extras: [CATERING],
    rules: priced(80, 40, 160, { hours: days(at(17, 21), at(9, 18)), min: 60, after: 30 }),
  },
  {
    ...{ code: 'CT', zh: '内部食堂', en: 'Staff canteen', kind: 'canteen', capacity: 150, place: ['B1', 'B1'] },
    text: ['用餐时间以外可用于晚间活动和聚会。', 'Outside of meal times it can be had for evening events.'],
    equipment: ['audio', 'microphone', 'water', 'accessible'],
    extras: [CATERING, MICROPHONES],
    rules: priced(150, 80, 400, {
      ...{ hours: days(at(18, 22), at(14, 22)), min: 60, max: 4 * HOUR, horizon: 60, before: 30, after: 60, notice: 24 * HOUR },
      approval: true,
    }),
  },
  {
    ...{ code: 'FT', zh: '健身活动中心', en: 'Fitness centre', kind: 'fitness', capacity: 20, place: ['B1', 'B1'] },
    text: [
      '团体课和团队活动可包场；平时对园区人员开放。',
      'Can be booked as a whole for classes and teams; otherwise open to the people of the park.',
    ],
    equipment: ['audio', 'water'],
    rules: shared({ hours: LEISURE, step: 60, min: 60, max: 2 * HOUR, horizon: 14 }),
  },
  {
    ...{ code: 'BL', zh: '桌球娱乐室', en: 'Billiards room', kind: 'billiards', capacity: 8, place: ['B1', 'B1'] },
    equipment: ['lighting', 'water'],
    release: 15,
    rules: shared({ hours: LEISURE, min: 30, max: 2 * HOUR, horizon: 7 }),
  },
  {
    ...{ code: 'FB', zh: '顶楼足球场', en: 'Rooftop football field', kind: 'field', capacity: 30, place: ['顶楼', 'Rooftop'] },
    equipment: ['lighting', 'water'],
    release: 20,
    rules: {
      ...shared({ hours: days(at(7, 22), at(7, 22), at(8, 22)), step: 60, min: 60, max: 2 * HOUR, horizon: 14, cancelBefore: 12 * HOUR }),
      outside: {
        ...{ hours: days(at(9, 17), at(8, 22), at(8, 22)), step: 60, min: 60, max: 2 * HOUR, horizon: 14, price: 30_000 },
        ...{ notice: 24 * HOUR, cancelBefore: 24 * HOUR, cancelPercent: 50, approval: true },
      },
    },
  },
]

/** Rooms of the enclaves weren't published: the names say that they are illustrative. */
const ENCLAVE: Plan[] = [
  { ...meeting('M1', '会议室一（暂定）', 'Meeting room 1 (provisional)', 8, ['video']), place: ['服务台旁', 'Beside the reception'] },
  {
    ...meeting('M2', '会议室二（暂定）', 'Meeting room 2 (provisional)', 14, ['video', 'phone']),
    place: ['服务台旁', 'Beside the reception'],
  },
  {
    ...{
      code: 'RS',
      zh: '路演厅（暂定）',
      en: 'Roadshow hall (provisional)',
      kind: 'hall',
      capacity: 80,
      place: ['入口处', 'At the entrance'],
    },
    equipment: HALL_EQUIPMENT,
    extras: [CATERING, CARDS, MICROPHONES],
    rules: priced(200, 100, 500, HALL_TERMS),
  },
]

async function addRoom(park: string, plan: Plan, order: number, whole: Types.ObjectId | null, by: Actor): Promise<void> {
  const { code, zh, en, kind, capacity, place, text, equipment, extras = [], release = null } = plan
  const facts = {
    ...{ code, kind, capacity, equipment, extras, release, order, name: { zh, en } },
    place: { zh: place[0], en: place[1] },
    text: text ? { zh: text[0], en: text[1] } : null,
  }
  const room = await createRoom(park, facts, { whole, like: null }, by)
  const rules = Object.entries(plan.rules).map(([klass, more]) => ({ ...BASE, ...more, class: klass as UserClass }))
  await setRules(park, room._id, room.version, rules, by)
  for (const [i, part] of (plan.parts ?? []).entries()) await addRoom(park, part, order + i + 1, room._id, by)
}

export async function seedRooms(): Promise<void> {
  const parks: [string, Plan[]][] = [
    ['dongxin', DONGXIN],
    ['wucheng-hangzhou', ENCLAVE],
    ['jindong-hangzhou', ENCLAVE],
  ]
  for (const [park, plans] of parks) for (const [i, plan] of plans.entries()) await addRoom(park, plan, (i + 1) * 10, null, SYSTEM)
}
