import { SYSTEM } from '../../accounts/identity.ts'
import { transact } from '../../db/transact.ts'
import { linkFiles, saveBuffer } from '../../files/store.ts'
import { addMonths, type Day, monthStart, today } from '../../lib/days.ts'
import { Building, levelOf } from '../../spaces/building.ts'
import { createUnit, mergeUnits, type Part, remeasureUnit, splitUnit } from '../../spaces/structure.ts'
import { type Product, Unit } from '../../spaces/unit.ts'
import { drawFloor } from './drawings.ts'
import { type Random, randomOf } from './random.ts'

/** Floors whose areas are not published: made up, but adding up to the published 27,368 ㎡ of Dongxin (FACTS). Areas in hundredths. */
interface FloorPlan {
  code: string
  area: number
  units: number
  products: Product[]
  /** Smallest and largest unit, in ㎡. */
  sizes: [number, number]
}

export const OPENED: Day = '2019-01-01'

const DONGXIN: FloorPlan[] = [
  { code: 'B1', area: 516_800, units: 14, products: ['retail', 'lab', 'office'], sizes: [120, 420] },
  { code: '1F', area: 560_000, units: 18, products: ['retail', 'office', 'lab'], sizes: [90, 420] },
  { code: '2F', area: 560_000, units: 28, products: ['office', 'office', 'serviced'], sizes: [60, 260] },
  { code: '3F', area: 550_000, units: 32, products: ['office', 'serviced', 'workstation'], sizes: [45, 230] },
  { code: '4F', area: 550_000, units: 28, products: ['office', 'office', 'lab'], sizes: [70, 260] },
]

const SMALL: Record<string, FloorPlan[]> = {
  'wucheng-hangzhou': [
    { code: '5F', area: 120_000, units: 10, products: ['office', 'serviced'], sizes: [50, 160] },
    { code: '6F', area: 120_000, units: 10, products: ['office', 'lab'], sizes: [60, 170] },
  ],
  'jindong-hangzhou': [
    { code: '1F', area: 150_000, units: 10, products: ['office', 'retail'], sizes: [60, 200] },
    { code: '2F', area: 150_000, units: 14, products: ['office', 'serviced', 'workstation'], sizes: [50, 150] },
  ],
}

const RATES: Record<Product, [number, number]> = {
  office: [160, 220],
  serviced: [260, 340],
  workstation: [68_000, 88_000],
  lab: [180, 240],
  retail: [220, 380],
}

/** Areas in the wished range that leave about a fifth of the floor in common. */
function areasOf(plan: FloorPlan, random: Random): number[] {
  const wished = Array.from({ length: plan.units }, () => random.whole(plan.sizes[0], plan.sizes[1]) * 100 + random.whole(0, 9) * 10)
  const target = plan.area * (0.76 + random.next() * 0.05)
  const scale = target / wished.reduce((sum, area) => sum + area, 0)
  return wished.map(area => Math.round((area * scale) / 10) * 10)
}

function rateOf(product: Product, random: Random): string {
  const [low, high] = RATES[product]
  const step = product === 'workstation' ? 1000 : 5
  return ((Math.round(random.whole(low, high) / step) * step) / 100).toFixed(2)
}

function partsOf(plan: FloorPlan, random: Random): Part[] {
  const first = plan.code.startsWith('B') ? 'B1' : plan.code.slice(0, 1)
  return areasOf(plan, random).map((gross, i) => {
    const product = random.pick(plan.products)
    const desks = product === 'workstation' ? Math.max(4, Math.round(gross / 600)) : null
    return {
      code: `${first}${String(i + 1).padStart(2, '0')}`,
      product,
      gross,
      chargeable: gross,
      desks,
      listRate: rateOf(product, random),
    }
  })
}

async function addFloor(park: string, building: string, plan: FloorPlan, parts: Part[]): Promise<void> {
  const drawing = drawFloor({ code: plan.code, level: levelOf(plan.code) }, parts)
  const file = await saveBuffer(Buffer.from(drawing.svg), { park, name: `${plan.code}.svg`, type: 'image/svg+xml', by: SYSTEM.id })
  const used = parts.reduce((sum, part) => sum + part.gross, 0)
  await transact(async () => {
    const floor = {
      code: plan.code,
      level: levelOf(plan.code),
      area: plan.area,
      common: [{ from: OPENED, area: plan.area - used }],
      drawing: { file: file.id, width: drawing.width, height: drawing.height },
    }
    const home = await Building.findOneAndUpdate(
      { park, code: building },
      { $push: { floors: floor } },
      { returnDocument: 'after' },
    ).orFail()
    await linkFiles(park, [file.id], { kind: 'drawing', ref: home._id })
    for (const part of parts)
      await createUnit({ park, building, floor: plan.code }, { ...part, outline: drawing.outlines.get(part.code) ?? [] }, OPENED, SYSTEM)
  })
}

async function addBuilding(park: string, code: string, name: { zh: string; en: string }, plans: FloorPlan[], seed: number): Promise<void> {
  const random = randomOf(seed)
  await Building.create([{ park, code, name, floors: [] }])
  for (const plan of plans) await addFloor(park, code, plan, partsOf(plan, random))
}

const find = (park: string, code: string) => Unit.findOne({ park, code, activeTo: '9999-12-31' }).lean().orFail()
const halves = (unit: Unit): Part[] => {
  const first = Math.round((unit.gross * 0.55) / 10) * 10
  const outline = unit.outline as [number, number][]
  const [a, b, c, d] = outline
  const x = a && b ? Math.round(a[0] + (b[0] - a[0]) * 0.55) : 0
  const part = (code: string, gross: number, shape: [number, number][]): Part => {
    const { product, listRate } = unit
    return { code, product, gross, chargeable: gross, listRate, outline: shape }
  }
  if (!a || !b || !c || !d) return [part(`${unit.code}A`, first, []), part(`${unit.code}B`, unit.gross - first, [])]
  const left: [number, number][] = [a, [x, a[1]], [x, d[1]], d]
  const right: [number, number][] = [[x, b[1]], b, c, [x, c[1]]]
  return [part(`${unit.code}A`, first, left), part(`${unit.code}B`, unit.gross - first, right)]
}

/** What has changed since the opening: a split, a merge, a new measurement, and a split to come. */
async function changeStructure(): Promise<void> {
  const park = 'dongxin'
  const since = monthStart(addMonths(today(), -20))
  const split = await find(park, '405')
  await splitUnit(park, split._id, since, halves(split as Unit), SYSTEM)
  const [one, two] = [await find(park, '312'), await find(park, '313')]
  const whole = { code: '312', product: 'office' as const, listRate: one.listRate, outline: hull(one as Unit, two as Unit) }
  await mergeUnits(park, [one._id, two._id], since, whole, SYSTEM)
  const measured = await find(park, '220')
  await remeasureUnit(park, measured._id, since, { gross: measured.gross - 120, chargeable: measured.gross - 120 }, true, SYSTEM)
  const coming = await find(park, '428')
  await splitUnit(park, coming._id, monthStart(addMonths(today(), 4)), halves(coming as Unit), SYSTEM)
}

function hull(one: Unit, two: Unit): [number, number][] {
  const [a, b] = [one.outline[0], two.outline[2]]
  // Only neighbours of one band make a rectangle.
  if (!a || !b || two.outline[0]![1] !== a[1]) return one.outline
  return [a, [b[0], a[1]], b, [a[0], b[1]]]
}

export async function seedSpaces(): Promise<void> {
  await addBuilding('dongxin', 'a', { zh: '主楼', en: 'Main building' }, DONGXIN, 2736)
  await changeStructure()
  for (const [i, [park, plans]] of Object.entries(SMALL).entries())
    await addBuilding(park, 'a', { zh: '示例楼', en: 'Illustrative building' }, plans, 100 + i)
}
