import { expect } from 'chai'
import { parseLine, type Quick } from '../../src/leads/quick-line.ts'
import type { Product } from '../../src/spaces/unit.ts'

/** A line typed during a call, understood. */
const TODAY = '2026-11-24'
const EMPTY: Quick = {
  ...{ name: '', contact: '', phone: null, email: null, areaFrom: null, areaTo: null, budget: null, product: null },
  ...{ desks: null, moveIn: null, months: null, source: null, sourceNote: null, note: '', said: '' },
}
const { said: _none, ...NOTHING } = EMPTY
const read = (line: string) => {
  const { said: _said, ...rest } = parseLine(line, TODAY)
  return rest
}
const understands = (line: string, what: Partial<Quick>) => expect(read(line), line).to.deep.equal({ ...NOTHING, ...what })
const gives = (line: string, what: Partial<Quick>) => expect(parseLine(line, TODAY), line).to.deep.include(what)

describe('a line typed during a call', () => {
  it('understands the whole of one', () => {
    const wish = {
      areaFrom: 20_000,
      areaTo: 30_000,
      moveIn: '2026-12-01',
      product: 'office' as const,
      budget: 2_000_000,
      source: 'referral' as const,
    }
    understands('杭州某某科技 张三 13900000000 200-300㎡ 12月 办公 预算2万 朋友介绍', {
      ...{ name: '杭州某某科技', contact: '张三', phone: '13900000000' },
      ...wish,
    })
    understands('Acme Trading Ltd Jane Doe +86 13900000000 200 to 300 sqm office from December budget 20k/month referral', {
      ...{ name: 'Acme Trading Ltd', contact: 'Jane Doe', phone: '13900000000' },
      ...wish,
    })
  })

  it('finds a phone anywhere, however it is written', () => {
    for (const text of [
      '13900000000',
      '+86 139 0000 0000',
      '+8613900000000',
      '0086-139-0000-0000',
      '139-0000-0000',
      '１３９００００００００',
    ])
      gives(`某某公司 张三 ${text} 想看房`, { phone: '13900000000', contact: '张三', name: '某某公司' })
    gives('某某公司，电话：13900000000。', { phone: '13900000000', name: '某某公司', note: '' })
    gives('0571-88888888 某某公司', { phone: '057188888888' })
    gives('(0571)8888 8888 某某公司', { phone: '057188888888' })
    gives('400-800-1234 某某公司', { phone: '4008001234' })
    gives('+44 20 7946 0000 Acme Ltd', { phone: '00442079460000', name: 'Acme Ltd' })
    gives('某某公司 88886666', { phone: '88886666' })
    gives('某某公司 139000000001', { phone: null })
    gives('杭州某某有限公司张三13900000000', { name: '杭州某某有限公司', contact: '张三' })
  })

  it('keeps a second phone in the note, and masks the first one in what is said', () => {
    gives('某某公司 13900000000 13911111111', { phone: '13900000000', note: '13911111111' })
    expect(parseLine('某某公司 139-0000-1234 看房', TODAY).said).to.equal('某某公司 139****1234 看房')
  })

  it('understands areas', () => {
    const area = (text: string, from: number | null, to: number | null) =>
      gives(`某某公司 ${text}`, { areaFrom: from, areaTo: to, note: '' })
    for (const unit of ['平', '㎡', '平米', 'm2', '平方米', ' sqm', 'm²', '平方']) area(`200-300${unit}`, 20_000, 30_000)
    for (const to of ['-', '~', '～', '到', '至', ' - ', '—']) area(`200${to}300平`, 20_000, 30_000)
    area('200㎡-300㎡', 20_000, 30_000)
    area('120.5平', 12_050, 12_050)
    area('1,200平左右', 120_000, 120_000)
    area('1000平以上', 100_000, null)
    area('500平以内', null, 50_000)
    area('1万平', 1_000_000, 1_000_000)
    gives('某某公司，300平', { areaFrom: 30_000, areaTo: 30_000 })
    gives('某某公司 300-200平', { areaFrom: 20_000 })
  })

  it('understands money by the month, by the year, and by the square metre once an area is known', () => {
    const budget = (text: string, fen: number | null) => gives(`某某公司 ${text}`, { budget: fen })
    for (const text of [
      '2万/月',
      '预算2万',
      '20000元',
      '预算 20000',
      '2万元每月',
      '¥20000',
      '2w/月',
      '月租金2万',
      '1-2万/月',
      '20,000元/月',
      '24万/年',
    ])
      budget(text, 2_000_000)
    budget('1.25万', 1_250_000)
    gives('某某公司 100平 3元/㎡·天', { budget: 912_500, areaTo: 10_000 })
    gives('某某公司 3元每平每天 100-200平', { budget: 1_825_000 })
    gives('某某公司 100平 90元/㎡/月', { budget: 900_000 })
    gives('某某公司 3元/㎡·天', { budget: null, note: '3元/㎡·天' })
    budget('注册资本500万', null)
    budget('融资2000万元', null)
    gives('某某公司 注册资本500万', { note: '注册资本500万' })
  })

  it('understands when', () => {
    const on = (text: string, day: string | null) => gives(`某某公司 ${text}`, { moveIn: day })
    const days: [string, string][] = [
      ...([
        ['12月', '2026-12-01'],
        ['11月', '2026-11-01'],
        ['3月', '2027-03-01'],
        ['明年3月', '2027-03-01'],
        ['十二月', '2026-12-01'],
      ] as [string, string][]),
      ...([
        ['12月15日', '2026-12-15'],
        ['11月1号', '2027-11-01'],
        ['3月底', '2027-03-31'],
        ['12月中旬', '2026-12-15'],
        ['2月底入驻', '2027-02-28'],
      ] as [string, string][]),
      ...([
        ['2027年3月', '2027-03-01'],
        ['2027-03-15', '2027-03-15'],
        ['2027/3/15', '2027-03-15'],
        ['2027.3', '2027-03-01'],
        ['20270315', '2027-03-15'],
      ] as [string, string][]),
      ...([
        ['下个月', '2026-12-01'],
        ['年底', '2026-12-31'],
        ['尽快入驻', TODAY],
        ['December', '2026-12-01'],
        ['March 15', '2027-03-15'],
      ] as [string, string][]),
      ...([
        ['Dec 15, 2027', '2027-12-15'],
        ['asap', TODAY],
        ['next month', '2026-12-01'],
        ['Sept', '2027-09-01'],
        ['end of March 2027', '2027-03-31'],
      ] as [string, string][]),
    ]
    for (const [text, day] of days) on(text, day)
    on('2月30日', null)
    gives('某某公司 2月30日', { note: '2月30日' })
    gives('某某公司 租3年', { months: 36, moveIn: null })
    gives('某某公司 租期6个月', { months: 6, moveIn: null })
  })

  it('understands desks, products, sources', () => {
    for (const text of ['10个工位', '10工位', '8-10个工位', '10 desks', '约10个卡座'])
      gives(`某某公司 ${text}`, { desks: 10, product: null, note: '' })
    for (const [text, product] of [
      ['办公', 'office'],
      ['需要办公室', 'office'],
      ['实验室', 'lab'],
      ['商铺', 'retail'],
      ['联合办公', 'serviced'],
      ['工位', 'workstation'],
    ])
      gives(`某某公司 ${text}`, { product: product as Product, note: '' })
    gives('某某公司 上门', { source: 'walkin' })
    gives('某某公司 张总介绍', { source: 'referral', sourceNote: '张总介绍', contact: '' })
    gives('某某实验室设备公司', { name: '某某实验室设备公司', product: null })
  })

  it('tells people from companies and places', () => {
    gives('张三 13900000000', { contact: '张三', name: '' })
    gives('张三 13900000000 某某工作室', { contact: '张三', name: '某某工作室' })
    gives('某某 李女士 13900000000', { contact: '李女士', name: '某某' })
    gives('某某公司 王总 江干区', { contact: '王总', note: '江干区' })
    gives('某某公司 高新区 欧阳修 13900000000', { contact: '欧阳修', note: '高新区' })
    // Who stands beside the phone is who is called.
    gives('某某公司 张总认识 13900000000 李四', { contact: '李四' })
    understands('想看房', { name: '想看房' })
    understands('', {})
  })
})
