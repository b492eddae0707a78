import { expect } from 'chai'
import fc from 'fast-check'
import { parseLine } from '../../src/leads/quick-line.ts'
import { plainArea } from '../../src/lib/area.ts'
import { addDays } from '../../src/lib/days.ts'
import { plainYuan } from '../../src/lib/money.ts'
import { PRODUCTS, type Product } from '../../src/spaces/unit.ts'

/** Lines made of parts that are known, in any order, and lines made of anything. */
const TODAY = '2026-11-24'

describe('any line typed during a call', () => {
  const pick = <T>(values: readonly T[]) => fc.constantFrom(...values)
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
  const area = fc.integer({ min: 1, max: 500_000 })
  const WORDS: Record<Product, string> = { office: '办公', serviced: '联合办公', workstation: '工位', lab: '实验室', retail: '商铺' }
  const parts = fc.record({
    name: pick(['杭州云杉科技有限公司', '某某（杭州）网络', '蓝天设计工作室', '浙江示例集团', 'Acme Trading Ltd']),
    contact: pick(['', '张三', '李四光', '王女士', '欧阳修', '陈经理']),
    phone: maybe(fc.integer({ min: 0, max: 99_999_999 }).map(value => `139${String(value).padStart(8, '0')}`)),
    email: maybe(pick(['a.b@example.com', 'x_1@mail.example.cn'])),
    space: maybe(fc.tuple(area, area).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))),
    budget: maybe(fc.integer({ min: 100, max: 99_999_999 })),
    product: maybe(pick(PRODUCTS)),
    desks: maybe(fc.integer({ min: 1, max: 500 })),
    moveIn: maybe(fc.integer({ min: 0, max: 900 }).map(count => addDays(TODAY, count))),
    months: maybe(fc.integer({ min: 1, max: 120 })),
    source: maybe(
      pick([
        ['walkin', '上门'],
        ['referral', '朋友介绍'],
        ['event', '推介会'],
      ] as const),
    ),
    note: pick(['', '看样品', '两层', '朝南']),
  })

  it('understands what is said in any order', () => {
    const shuffled = parts.chain(part => {
      const day = part.moveIn?.split('-').map(Number)
      const texts = [
        ...[
          part.name,
          part.contact,
          part.phone && `${part.phone.slice(0, 3)} ${part.phone.slice(3, 7)} ${part.phone.slice(7)}`,
          part.email,
        ],
        part.space &&
          (part.space.from === part.space.to
            ? `${plainArea(part.space.to)}平`
            : `${plainArea(part.space.from)}-${plainArea(part.space.to)}㎡`),
        part.budget && `预算${plainYuan(part.budget)}元/月`,
        part.product && WORDS[part.product],
        part.desks && `${part.desks}个工位`,
        day && `${day[0]}年${day[1]}月${day[2]}日`,
        part.months && `租期${part.months}个月`,
        ...[part.source?.[1], part.note],
      ].filter((text): text is string => Boolean(text))
      // A name of a company without its word for one is found where it begins the line: these all have one.
      return fc.tuple(fc.constant(part), fc.shuffledSubarray(texts, { minLength: texts.length }), pick([' ', '，', '  ', ';']))
    })
    fc.assert(
      fc.property(shuffled, ([part, texts, between]) => {
        const { name, contact, phone, email, budget, product, desks, moveIn, months, note } = part
        const { said: _said, sourceNote, ...read } = parseLine(texts.join(between), TODAY)
        expect(sourceNote).to.equal(null)
        expect(read, texts.join(between)).to.deep.equal({
          ...{ name, contact, phone, email, budget, product, desks, moveIn, months, note },
          ...{ areaFrom: part.space?.from ?? null, areaTo: part.space?.to ?? null, source: part.source?.[0] ?? null },
        })
      }),
      { numRuns: 300 },
    )
  })

  it('makes something of any text, and soon', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string(),
        pick(['200', '-', '平', '元', '月', '年', '万', '/', '139', '个工位', '预算', '有限公司', '\u0001']),
      ),
    )
    fc.assert(
      fc.property(pieces, texts => {
        const line = texts.join('')
        const quick = parseLine(line, TODAY)
        expect(quick.said.length).to.be.at.most(Math.min(line.length, 500) + 11)
      }),
      { numRuns: 500 },
    )
    for (const text of ['1'.repeat(5000), '1-'.repeat(2000), '平'.repeat(2000), 'a@'.repeat(2000), '1万'.repeat(2000), ' '.repeat(5000)]) {
      const begun = performance.now()
      parseLine(text, TODAY)
      expect(performance.now() - begun, text.slice(0, 9)).to.be.below(3000)
    }
  })
})
