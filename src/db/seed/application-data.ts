import type { Studies } from '../../applications/eligibility.ts'
import type { Day } from '../../lib/days.ts'

/** What is applied for in the demo: people, companies and numbers are made up. */
export interface CompanyPlan {
  names: [string, string, string]
  scope: string
  /** Yuan. */
  capital: number
  founders: { name: string; share: number; born: string }[]
}

export interface ApplicationPlan {
  /** Demo account, before its @. */
  who: string
  service: string
  /** Working days ago that it was handed in. */
  ago: number
  studies?: (today: Day) => Studies
  company?: CompanyPlan
  /** Words for a service that asks what is needed. */
  what?: string
  /** Steps that are done. */
  steps: number
  ends?: 'draft' | 'asked' | 'refused' | 'done' | 'withdrawn'
  /** What is asked, or why it ended. */
  words?: string
  stars?: number
}

const studying = (school: string) => (): Studies => ({ status: 'studying', school, graduatedOn: null })
const graduated =
  (school: string) =>
  (today: Day): Studies => ({
    status: 'graduated',
    school,
    graduatedOn: `${Number(today.slice(0, 4)) - 1}-06-20`,
  })
const other = (): Studies => ({ status: 'no', school: null, graduatedOn: null })

const company = (name: string, scope: string, capital: number, ...founders: CompanyPlan['founders']): CompanyPlan => ({
  names: [`杭州${name}科技有限公司（示例）`, `杭州${name}信息技术有限公司（示例）`, `浙江${name}科技有限公司（示例）`],
  ...{ scope, capital, founders },
})

const SOFTWARE = '软件开发；信息技术咨询服务；人工智能应用软件开发'
const DESIGN = '数字文化创意内容应用服务；平面设计；图文设计制作'
const HARDWARE = '智能机器人的研发；集成电路设计；电子元器件批发'

export const APPLICATIONS: ApplicationPlan[] = [
  {
    ...{
      who: 'founder2.dongxin',
      service: 'company-registration',
      ago: 48,
      studies: studying('浙江工商大学'),
      steps: 8,
      ends: 'done',
      stars: 5,
    },
    company: company(
      '青禾云帆',
      SOFTWARE,
      500_000,
      { name: '叶清禾（示例）', share: 70, born: '20040312' },
      { name: '方云舟（示例）', share: 30, born: '20030821' },
    ),
    words: '一次都没跑，材料都在网上交，太方便了。',
  },
  {
    ...{ who: 'founder.dongxin', service: 'company-registration', ago: 15, studies: graduated('杭州电子科技大学'), steps: 5 },
    company: company('微澜智造', HARDWARE, 1_000_000, { name: '沈微澜（示例）', share: 100, born: '20020506' }),
  },
  {
    ...{
      who: 'applicant.dongxin',
      service: 'company-registration',
      ago: 4,
      studies: studying('浙江大学城市学院'),
      steps: 0,
      ends: 'asked',
    },
    company: company(
      '拾光绘本',
      DESIGN,
      100_000,
      { name: '陈拾光（示例）', share: 60, born: '20050117' },
      { name: '林小满（示例）', share: 40, born: '20041130' },
    ),
    words: '身份证反面照片反光，看不清有效期，请重新拍一张。',
  },
  {
    ...{ who: 'founder3.dongxin', service: 'company-registration', ago: 2, studies: other, steps: 1 },
    company: company(
      '北极星工业',
      HARDWARE,
      3_000_000,
      { name: '周北辰（示例）', share: 51, born: '19880914' },
      { name: '何屿（示例）', share: 49, born: '19901203' },
    ),
  },
  {
    ...{ who: 'founder4.dongxin', service: 'company-registration', ago: 0, studies: studying('中国美术学院'), steps: 0, ends: 'draft' },
    company: company('橙子影像', DESIGN, 100_000, { name: '吴橙（示例）', share: 100, born: '20050809' }),
  },
  {
    who: 'owner.dongxin',
    service: 'repair',
    ago: 6,
    what: '3 楼会议区的空调漏水，地毯已经湿了。',
    steps: 2,
    ends: 'done',
    stars: 4,
    words: '当天就修好了。',
  },
  { who: 'member.dongxin', service: 'repair', ago: 2, what: '办公室门禁有时刷不开，需要多刷几次。', steps: 1 },
  { who: 'owner.dongxin', service: 'team-mentoring', ago: 0, what: '想请一位懂股权设计的导师，下月要接洽第一轮投资。', steps: 0 },
]
