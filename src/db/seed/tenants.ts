import type { Actor } from '../../accounts/identity.ts'
import { setClock } from '../../lib/clock.ts'
import { addDays, addMonths, type Day, today } from '../../lib/days.ts'
import type { Industry } from '../../parks/park.ts'
import { checkCharacter } from '../../tenants/credit-code.ts'
import { indexTenant } from '../../tenants/index-tenant.ts'
import { createTenant } from '../../tenants/profile.ts'
import { FOUNDERS, Tenant, type YearFigures } from '../../tenants/tenant.ts'
import { type Random, randomOf } from './random.ts'

/** Invented enterprises, each recognisable by “示例”; telephone numbers are of the form 0571-0000xxxx (FACTS). */
const FIELDS: [Industry, string][] = [
  ['software', '软件'],
  ['ecommerce', '电商'],
  ['iot', '物联'],
  ['biomedicine', '生物医药'],
  ['health', '健康科技'],
  ['energy', '新能源'],
  ['green', '环保科技'],
  ['research', '设计研究院'],
  ['carrier', '创业服务'],
  ['fintech', '科技金融'],
]
const WORDS =
  '云帆 启明 星野 青禾 澄湖 远山 鹿鸣 听潮 拾光 知行 木棉 白鹭 南屏 听松 半山 新塘 石榴 清川 望江 归雁 海棠 天目 良渚 西溪 萤火 春晓 曙光 紫金 竹径 银杏 麦田 雨林 晨曦 北辰 玉泉 极光 河汉 蓝鲸 山楂 橙子'.split(
    ' ',
  )
const SURNAMES = '赵 钱 孙 李 周 吴 郑 王 冯 陈'.split(' ')

function nameOf(i: number): { name: string; shortName: string; industry: Industry } {
  const [industry, trade] = FIELDS[(i * 7 + Math.floor(i / WORDS.length)) % FIELDS.length]!
  const word = WORDS[i % WORDS.length]!
  const place = i % 3 ? '杭州' : '浙江'
  return { name: `${place}${word}${trade}有限公司·示例`, shortName: `${word}${trade}`, industry }
}

const codeOf = (serial: number): string => {
  const body = `91330103MA99${String(serial).padStart(5, '0')}`
  return body + checkCharacter(body)
}

function yearsOf(founded: Day, random: Random): YearFigures[] {
  const last = Number(today().slice(0, 4)) - 1
  const first = Math.max(Number(founded.slice(0, 4)), last - 2)
  let revenue = random.whole(800, 9000)
  const years: YearFigures[] = []
  for (let year = first; year <= last; year++) {
    const staff = random.whole(4, 60)
    const part = (share: number) => Math.round(staff * share * random.next())
    const doctors = part(0.08)
    const masters = part(0.3)
    years.push({
      year,
      revenue,
      profit: Math.round(revenue * (random.next() * 0.3 - 0.08)),
      tax: Math.round(revenue * 0.05),
      rd: Math.round(revenue * (0.05 + random.next() * 0.2)),
      techContracts: random.whole(0, 3) * 200,
      staff,
      doctors,
      masters,
      // Everybody counts under one degree.
      bachelors: Math.min(part(0.7), staff - doctors - masters),
      graduates: part(0.2),
      ipApplied: random.whole(0, 9),
      ipGranted: random.whole(0, 6),
      ipValid: random.whole(1, 18),
    })
    revenue = Math.round(revenue * (0.9 + random.next() * 0.6))
  }
  return years
}

/** Records that have no function of their own yet in a tenant's life before the demo's first day are written with the profile. */
function recordsOf(i: number, founded: Day, random: Random): Partial<Tenant> {
  const contact = (title: string, n: number) => ({
    name: `${SURNAMES[(i + n) % SURNAMES.length]}${n ? '经理' : '总'}（示例）`,
    title,
    phone: `0571-0000${String(1000 + i * 2 + n).slice(-4)}`,
    email: `contact${i}.${n}@example.com`,
    primary: n === 0,
  })
  const entered = addMonths(founded, 4 + (i % 14))
  const base = { rule: '2018', enteredOn: entered, limitMonths: 48, graduatedOn: null, criterion: null, evidence: null, leftOn: null }
  const states = [
    base,
    { ...base, graduatedOn: addMonths(entered, 30), criterion: 'hightech' as const, evidence: '高新技术企业证书（示例）' },
    { ...base, leftOn: addMonths(entered, 20) },
    null,
    base,
  ]
  const incubation = states[i % states.length] ?? null
  const past = !incubation || [incubation.graduatedOn, incubation.leftOn, incubation.enteredOn].every(day => !day || day <= today())
  return {
    contacts: [contact('总经理', 0), contact('行政', 1)] as never,
    qualifications: (i % 4 === 1
      ? [{ kind: 'provincialTech', number: `示例-${2024000 + i}`, grantedOn: addMonths(founded, 24), validTo: null }]
      : i % 4 === 2
        ? [{ kind: 'hightech', number: `示例-GR${2024000 + i}`, grantedOn: addMonths(today(), -10), validTo: addMonths(today(), 26) }]
        : []) as never,
    figures: yearsOf(founded, random),
    incubation: past ? incubation : base,
  }
}

/** `count` tenants of a park; `serial` keeps names and codes of different parks apart. */
export async function seedTenants(park: string, count: number, serial: number, by: Actor): Promise<Tenant[]> {
  const random = randomOf(serial + 17)
  const made: Tenant[] = []
  for (let i = 0; i < count; i++) {
    const n = serial + i
    // Ages are counted from the day of the start, not from the day the tenant before was entered on.
    setClock(null)
    const { name, shortName, industry } = nameOf(n)
    const preparing = i % 13 === 5
    const founded = addDays(addMonths(today(), -random.whole(34, 90)), random.whole(0, 27))
    setClock(new Date(`${addDays(founded < '2019-03-01' ? '2019-03-01' : founded, 30)}T02:00:00Z`))
    const odd = i === 21
    const code = codeOf(n)
    const profile = {
      name,
      shortName,
      industry,
      kind: 'company' as const,
      creditCode: preparing ? null : odd ? `${code.slice(0, 17)}${code[17] === '0' ? '1' : '0'}` : code,
      field: shortName,
      foundedOn: preparing ? null : founded,
      legalRep: `${SURNAMES[n % SURNAMES.length]}某（示例）`,
      capital: random.pick([100, 200, 500, 1000]),
      taxpayer: random.pick(['general', 'small'] as const),
      founder: random.pick(FOUNDERS),
      intro: null,
    }
    const tenant = await createTenant(
      park,
      profile,
      { overrideReason: odd ? '试点期代码，已核对营业执照原件（示例）' : null, sameName: true },
      by,
    )
    setClock(null)
    if (!preparing) {
      const full = await Tenant.findOneAndUpdate({ park, _id: tenant._id }, recordsOf(n, founded, random), {
        returnDocument: 'after',
      }).orFail()
      await indexTenant(full)
    }
    made.push(tenant)
  }
  return made
}
