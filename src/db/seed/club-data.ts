import type { NoticeFacts } from '../../club/notice.ts'
import type { Industry } from '../../parks/park.ts'

/** Notices and directory entries of the demo: invented, and recognisable by “示例”. Days count from today. */
export interface NoticePlan {
  /** Days ago it was published; null: still a draft. */
  ago: number | null
  title: [zh: string, en: string]
  text: [zh: string, en: string]
  important?: boolean
  /** Days from today on which it ends. */
  until?: number
  audience?: Partial<NoticeFacts['audience']>
  correction?: { ago: number; note: string; text: [zh: string, en: string]; again: boolean }
  withdrawn?: { ago: number; reason: string }
  /** How many of every ten people have read it; the demo's own owner too where `owner` says so. */
  read: number
  owner?: boolean
}

export const NOTICES: NoticePlan[] = [
  {
    ago: 40,
    title: ['国庆期间园区值班安排（示例）', 'Who is on duty over the October holidays (example)'],
    text: ['假期前台照常值班，空调限时开放。', 'The front desk is staffed as usual; air conditioning runs for part of the day.'],
    until: -30,
    read: 9,
    owner: true,
  },
  {
    ago: 21,
    title: ['科技型中小企业评价开始填报（示例）', 'Small tech companies: the yearly evaluation is open (example)'],
    text: [
      '请在孵企业于本月底前在线填报研发费用和人员情况。\n\n需要辅导的，可预约园区的财税导师，或带材料到前台咨询。',
      'Companies in incubation, please report research costs and staff online by the end of the month.\n\nBook one of the park’s tax mentors if you need help, or bring your papers to the front desk.',
    ],
    audience: { kind: 'rule', incubation: ['incubating', 'over'] },
    read: 6,
    owner: true,
  },
  {
    ago: 9,
    title: ['地下停车场改造，请提前移车（示例）', 'Works in the garage: please move your cars (example)'],
    text: [
      '12 日起地下一层分区改造，为期约两周。请按楼层指引停放，夜间不要停在施工区。',
      'From the 12th on, parts of the first basement are closed for two weeks. Please follow the signs and leave the works area free at night.',
    ],
    important: true,
    until: 20,
    correction: {
      ago: 6,
      note: '开工日期由 12 日改为 15 日。',
      text: [
        '15 日起地下一层分区改造，为期约两周。请按楼层指引停放，夜间不要停在施工区。',
        'From the 15th on, parts of the first basement are closed for two weeks. Please follow the signs and leave the works area free at night.',
      ],
      again: true,
    },
    read: 4,
  },
  {
    ago: 3,
    title: ['软件企业沙龙：把产品讲清楚（示例）', 'An evening for software companies: explaining what you make (example)'],
    text: [
      '周四 18:30 在东新厅，欢迎软件、电商和物联网企业参加，请在活动页报名。',
      'Thursday 18:30 in the Dongxin hall, for software, e-commerce and IoT companies. Please sign up on the page of the event.',
    ],
    audience: { kind: 'rule', industries: ['software', 'ecommerce', 'iot'] },
    until: 6,
    read: 3,
  },
  {
    ago: 1,
    title: ['周末停电检修通知（示例）', 'Power off for maintenance at the weekend (example)'],
    text: [
      '本周六 8:00–12:00 配电检修，A、B 幢停电。请提前保存数据并关闭服务器；需要临时供电的企业请于周四前联系前台。',
      'On Saturday from 8:00 to 12:00 buildings A and B are without power. Please save your data and switch servers off; tell the front desk by Thursday if you need a temporary supply.',
    ],
    important: true,
    until: 5,
    read: 2,
  },
  {
    ago: 5,
    title: ['健身房开放时间调整（示例）', 'New hours of the gym (example)'],
    text: ['健身房自下周起延长开放。', 'The gym stays open longer from next week on.'],
    withdrawn: { ago: 4, reason: '时间仍在协商，确定后另行通知。' },
    read: 3,
  },
  {
    ago: null,
    title: ['年终企业座谈会（示例）', 'Meeting of companies at the end of the year (example)'],
    text: ['拟于下月中旬举行，议程待定。', 'Planned for the middle of next month; the programme follows.'],
    read: 0,
  },
]

export const PEOPLE = ['钱晓', '沈宁', '陆遥', '韩溪', '卢白', '施远', '范青', '严禾', '邵明', '汤岚', '温竹', '程霁']

export interface ListingPlan {
  industry: Industry
  intro: string
  offers: string
  seeking: string
  website?: string
  /** Whether its first contact is shown, and by what. */
  contact?: 'phone' | 'both'
}

/** The first is that of the demo's own owner, whatever its industry is. */
export const LISTINGS: ListingPlan[] = [
  {
    industry: 'fintech',
    intro: '为中小企业提供现金流预测和供应链金融对接（示例）。',
    offers: '经营数据看板，与记账和开票系统对接，按月订阅。',
    seeking: '愿意试点的园区企业；一位熟悉票据的产品顾问。',
    website: 'https://www.example.com/',
    contact: 'both',
  },
  {
    industry: 'ecommerce',
    intro: '帮助消费品牌在海外开店（示例）。',
    offers: '小程序与独立站搭建，跨境支付对接。',
    seeking: '有海外渠道的消费品企业。',
    contact: 'phone',
  },
  {
    industry: 'iot',
    intro: '低功耗传感设备的研发与小批量生产（示例）。',
    offers: '传感器与网关，支持定制。',
    seeking: '做冷链和环境监测的集成商。',
    website: 'https://iot.example.com/',
  },
  {
    industry: 'biomedicine',
    intro: '体外诊断试剂的研发（示例）。',
    offers: '试剂开发外包。',
    seeking: '临床合作；共用冷库。',
    contact: 'phone',
  },
  { industry: 'research', intro: '工业设计与结构设计（示例）。', offers: '快速打样，三天出样。', seeking: '需要结构设计的硬件团队。' },
  {
    industry: 'carrier',
    intro: '知识产权与项目申报（示例）。',
    offers: '商标、专利与高企申报辅导。',
    seeking: '第一次申报的企业。',
    contact: 'both',
  },
  { industry: 'green', intro: '园区节能改造（示例）。', offers: '能耗诊断与合同能源管理。', seeking: '有空调改造计划的企业。' },
]
