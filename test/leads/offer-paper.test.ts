import { writeFileSync } from 'node:fs'
import { printOffer } from '../../src/leads/offer-paper.ts'
import { useDatabase } from '../setup/database.ts'
import { buildOffer, parkOf } from '../setup/offers.ts'

describe('try', () => {
  useDatabase()
  it('prints', async () => {
    for (const lang of ['zh-CN', 'en'] as const) {
      const { offer, park } = await buildOffer({
        terms: {
          from: '2026-01-01',
          to: '2028-12-31',
          deposit: 2345678,
          purpose: '研发',
          note: '含 <script>alert(1)</script> 两个车位',
          rentFree: [{ from: '2026-01-01', to: '2026-02-28' }],
          escalation: [
            { from: '2027-01-01', percent: '5' },
            { from: '2028-01-01', percent: '5' },
          ],
          reductions: [{ name: '大学生创业补贴', kind: 'percent', value: '20', from: '2026-01-01', to: '2026-12-31' }],
        },
        more: { lang, validUntil: '2027-01-01', remarks: 'hello' },
      })
      writeFileSync(`/tmp/offer-${lang}.pdf`, await printOffer(await parkOf(park), offer, { name: '王经理', email: 'a@example.com' }))
    }
  })
})
