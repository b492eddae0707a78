import { expect } from 'chai'
import { readWhole } from '../../src/files/store.ts'
import { type Offer, type OfferTerms, scheduleFor } from '../../src/leads/offer.ts'
import { offerPaper, printOffer } from '../../src/leads/offer-paper.ts'
import { capitalMoney } from '../../src/leases/document.ts'
import { monthlyRent } from '../../src/leases/schedule.ts'
import { formatter } from '../../src/locales/format.ts'
import { Park } from '../../src/parks/park.ts'
import { Unit } from '../../src/spaces/unit.ts'
import type { PaperTable } from '../../src/workers/offer-paper.ts'
import { useDatabase } from '../setup/database.ts'
import { buildUnit } from '../setup/factories.ts'
import { buildOffer, offerNow, parkOf, send } from '../setup/offers.ts'
import { pdfText } from '../setup/pdf-text.ts'

const fmt = formatter('zh-CN')
const ISSUER = { name: '王经理', email: 'wang@example.com' }
const NAME = '金华灵犀<script>alert(1)</script>"科技"有限公司'
const valid = { validUntil: '2099-12-31' }

async function tablesOf(offer: Offer): Promise<PaperTable[]> {
  const { blocks } = await offerPaper(await parkOf(offer.park), await offerNow(offer), ISSUER)
  return blocks.filter(block => block.kind === 'table')
}
const plain = (text: string) => text.replace(/\s/g, '')

describe('an offer on paper', function () {
  this.timeout(180_000)
  useDatabase()

  const CASES: [what: string, gross: number, rate: string, terms: Partial<OfferTerms>, years: string[], first: string][] = [
    ['CASES 3', 12_000, '1.80', { from: '2026-01-01', to: '2026-12-31' }, ['¥78,840.00'], '¥6,570.00'],
    ['CASES 4, actual days', 12_000, '1.80', { from: '2026-01-15', to: '2026-12-31', anchor: 'calendar' }, [], '¥3,602.90'],
    ['CASES 4, ÷ 30', 12_000, '1.80', { from: '2026-01-15', to: '2026-12-31', anchor: 'calendar', broken: 'thirty' }, [], '¥3,723.00'],
    ['CASES 4, day rate', 12_000, '1.80', { from: '2026-01-15', to: '2026-12-31', anchor: 'calendar', broken: 'dayrate' }, [], '¥3,672.00'],
    [
      'CASES 6',
      10_000,
      '2.00',
      {
        ...{ from: '2026-01-01', to: '2028-12-31', rentFree: [{ from: '2026-01-01', to: '2026-02-28' }] },
        escalation: [
          { from: '2027-01-01', percent: '5' },
          { from: '2028-01-01', percent: '5' },
        ],
      },
      ['¥60,833.30', '¥76,650.00', '¥80,482.56'],
      '¥0.00',
    ],
  ]
  for (const [what, gross, rate, terms, years, first] of CASES)
    it(`counts as the lease does: ${what}`, async () => {
      const unit = await buildUnit({ gross })
      const { offer } = await buildOffer({ unit, terms: { ...terms, lines: [{ unit: unit._id, rate }] }, more: valid })
      const schedule = scheduleFor(offer)
      const [units, byYear, periods] = await tablesOf(offer)
      expect(units!.rows[0]!.at(-1)).to.equal(fmt.money(monthlyRent('sqm-day', { area: gross, desks: null, rate })))
      expect(byYear!.rows.map(row => row.at(-1))).to.deep.equal(schedule.years.map(year => fmt.money(year.fen)))
      if (years.length) expect(byYear!.rows.map(row => row.at(-1))).to.deep.equal(years)
      expect(byYear!.foot!.at(-1))
        .to.equal(fmt.money(schedule.total))
        .and.equal(fmt.money((await offerNow(offer)).total))
      expect(periods!.rows[0]!.at(-1)).to.equal(first)
      expect(periods!.rows.map(row => row[0])).to.deep.equal(schedule.periods.slice(0, 12).map(({ from, to }) => `${from} – ${to}`))
    })

  it('has the periods of CASES 5, without gap or drift', async () => {
    const unit = await buildUnit()
    const { offer } = await buildOffer({ unit, terms: { from: '2026-01-31', to: '2026-12-30' }, more: valid })
    const [, , periods] = await tablesOf(offer)
    expect(periods!.rows.slice(0, 3).map(row => row[0])).to.deep.equal([
      '2026-01-31 – 2026-02-27',
      '2026-02-28 – 2026-03-30',
      '2026-03-31 – 2026-04-29',
    ])
  })

  it('says it all in Chinese with its fonts inside, names inert and rare characters drawn', async () => {
    const unit = await buildUnit({ code: '甲-301', gross: 12_050 })
    await Park.updateOne({ _id: unit.park }, { hotline: '0579-82000000', address: { zh: '金华市示例路 1 号', en: '1 Example Road' } })
    const terms = {
      ...{ from: '2026-03-01', to: '2027-02-28', deposit: 2_345_678, purpose: '研发喆堃龘', note: '含两个车位', cycle: 3 as const },
      reductions: [{ name: '大学生创业补贴', kind: 'percent' as const, value: '20', from: '2026-03-01', to: '2026-08-31' }],
    }
    const more = {
      ...valid,
      tenantName: NAME,
      remarks: `控制符\u0000与\ud800半个字`,
      addressee: { name: '龑䶮', email: null, phone: null },
    }
    const { offer } = await buildOffer({ unit, terms, more })
    const sent = await send(offer, { mail: false })
    const bytes = await readWhole(sent.sent!.file)
    const raw = bytes.toString('latin1')
    expect(raw.slice(0, 5)).to.equal('%PDF-')
    expect(raw).to.include('NotoSansHans-Regular').and.include('NotoSansHans-Bold')
    expect(raw).to.not.match(/\/JavaScript|\/Launch|\/URI/)
    const text = pdfText(bytes)
    const { total, deposit } = scheduleFor(offer)
    const words = [
      '房屋租赁报价单',
      offer.number,
      NAME,
      '龑䶮',
      '甲-301',
      '120.5',
      '研发喆堃龘',
      '含两个车位',
      '大学生创业补贴',
      '控制符与半个字',
    ]
    const sums = [fmt.money(total), capitalMoney(total), capitalMoney(deposit), '2099年12月31日', '0579-82000000', '金华市示例路1号']
    for (const word of [...words, ...sums, '按计租面积和日单价计算', '不构成对房源的保留']) expect(text, word).to.include(plain(word))
    expect(text).to.not.include('草稿')
  })

  it('marks a draft, speaks English to who is addressed in it, and breaks long lists over pages with their heads', async () => {
    const unit = await buildUnit()
    const lines = [{ unit: unit._id, rate: '2.00' }]
    for (let i = 0; i < 70; i++) lines.push({ unit: (await buildUnit({ park: unit.park, code: `L${i}` }))._id, rate: '2.00' })
    const { offer } = await buildOffer({ unit, terms: { lines }, more: { lang: 'en', tenantName: 'Example Ltd.' } })
    const bytes = await printOffer(await parkOf(offer.park), offer, ISSUER)
    const text = pdfText(bytes)
    for (const word of ['Lease offer', 'Example Ltd.', 'L69', 'DRAFT', 'every month, in advance'])
      expect(text, word).to.include(plain(word))
    const pages = bytes.toString('latin1').match(/\/Type \/Page\b/g)!.length
    expect(pages).to.be.greaterThan(2)
    // The heads stand once more on the second page.
    const heads = text.split('Chargeablearea').length - 1
    expect(heads).to.be.greaterThan(1)
  })

  it('shows where the units are on their floors', async () => {
    const unit = await buildUnit()
    const next = await buildUnit({ park: unit.park })
    const square = (x: number): [number, number][] => [
      [x, 0],
      [x + 10, 0],
      [x + 10, 10],
      [x, 10],
    ]
    await Unit.updateOne({ park: unit.park, _id: unit._id }, { outline: square(0) })
    await Unit.updateOne({ park: unit.park, _id: next._id }, { outline: square(10) })
    const { offer } = await buildOffer({ unit })
    const paper = await offerPaper(await parkOf(offer.park), offer, ISSUER)
    const plans = paper.blocks.flatMap(block => (block.kind === 'plans' ? block.plans : []))
    expect(plans).to.have.length(1)
    expect(plans[0]!.shapes.map(shape => shape.own)).to.deep.equal([false, true])
    expect((await printOffer(await parkOf(offer.park), offer, ISSUER)).length).to.be.greaterThan(1000)
  })
})
