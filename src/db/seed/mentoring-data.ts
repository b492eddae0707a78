import { addDays, type Day } from '../../lib/days.ts'
import type { MentorInput } from '../../mentoring/mentors.ts'

/** Three mentors of the demo, what is talked about with them, and what comes of it. Names say that they are examples. */
export interface MentorPlan extends Omit<MentorInput, 'activeFrom'> {
  /** Weekly slots: days after Monday, from and to in minutes. */
  slots: { weekday: number; from: number; to: number; place: string | null; link: string | null }[]
}

const room = '创业服务中心 2 楼洽谈室'
const online = 'https://meeting.example.com/mentoring-demo'

export const MENTORS: MentorPlan[] = [
  {
    code: 'DS-01',
    name: '林股融（示例）',
    title: { zh: '天使投资人、股权架构顾问', en: 'Angel investor and adviser on equity' },
    intro: {
      zh: '陪伴早期团队做股权分配、融资计划和投资条款谈判。面谈前请带上现有股东结构和未来一年的资金需求。',
      en: 'Works with early teams on splitting equity, planning a round and reading term sheets. Bring your shareholders and what you need for the year ahead.',
    },
    fields: ['equity', 'market'],
    email: 'mentor.dongxin@example.com',
    slots: [
      { weekday: 1, from: 840, to: 900, place: room, link: null },
      { weekday: 1, from: 915, to: 975, place: room, link: null },
    ],
  },
  {
    code: 'DS-02',
    name: '周产品（示例）',
    title: { zh: '连续创业者、产品负责人', en: 'Serial founder and head of product' },
    intro: {
      zh: '帮助团队把想法变成可验证的产品：用户访谈、最小可行产品、指标与取舍。',
      en: 'Turns ideas into products one can test: interviews, a minimum product, figures and what to leave out.',
    },
    fields: ['product', 'market'],
    email: null,
    slots: [{ weekday: 2, from: 600, to: 660, place: null, link: online }],
  },
  {
    code: 'DS-03',
    name: '吴法税（示例）',
    title: { zh: '执业律师、税务师', en: 'Lawyer and tax adviser' },
    intro: {
      zh: '解答公司设立、劳动用工、合同与知识产权、小微企业税收优惠等问题。',
      en: 'Answers questions on founding, employing people, contracts, intellectual property and tax relief for small companies.',
    },
    fields: ['legal', 'finance'],
    email: null,
    slots: [
      { weekday: 3, from: 570, to: 630, place: room, link: null },
      { weekday: 3, from: 870, to: 930, place: null, link: online },
    ],
  },
]

export const TOPICS: Record<string, [topic: string, wish: string][]> = {
  'DS-01': [
    ['天使轮股权怎么分', '三位合伙人，两位全职一位兼职，想听听比例和成熟期怎么定。'],
    ['融资计划书请您把关', '准备明年一季度融资，计划书初稿已完成。'],
    ['要不要设员工期权池', '团队 9 人，想在下一轮前设期权池。'],
  ],
  'DS-02': [
    ['第一批用户从哪里来', '产品做完三个月，只有熟人在用。'],
    ['功能太多，怎么取舍', '客户各提各的需求，开发排期失控。'],
    ['怎样做用户访谈', '做过几次访谈，得到的都是客套话。'],
  ],
  'DS-03': [
    ['劳动合同与保密协议', '准备招第一批员工。'],
    ['小微企业税收优惠怎么享受', '今年营收预计 180 万元。'],
    ['软件著作权与商标', '产品即将上线，想先保护名称和代码。'],
  ],
}

export const NOTES = [
  '团队对问题的判断清楚，但还没有数据支持。建议先用两周时间做 10 次访谈，再决定方向。',
  '股东之间的约定目前只有口头，应尽快写成协议；兼职合伙人的股份建议设成熟期。',
  '现金够用 7 个月。建议把回款条件写进合同，并每月看一次现金流。',
]
export const SHARED = '建议园区协助对接一次行业客户，并关注团队的房源需求：明年二季度可能扩到 15 人。'

export const ACTIONS = (on: Day): { text: string; who: 'team' | 'mentor' | 'park'; due: Day }[] => [
  { text: '完成 10 次用户访谈并整理结论', who: 'team', due: addDays(on, 14) },
  { text: '发送合伙协议范本', who: 'mentor', due: addDays(on, 7) },
  { text: '介绍一位行业客户', who: 'park', due: addDays(on, 21) },
]
