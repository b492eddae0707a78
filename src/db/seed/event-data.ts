import type { EventFacts } from '../../events/event.ts'

/** The demo's programme. Days count from today; names say that they are examples. */
export interface EventPlan {
  code: string
  /** Days after which each session is held, its times and topic. */
  sessions: {
    after: number
    from: number
    to: number
    topic?: [zh: string, en: string]
    place?: [zh: string, en: string]
    online?: string
  }[]
  /** Days before the first session on which it was published. */
  ahead: number
  facts: Partial<EventFacts> & Pick<EventFacts, 'kind' | 'title'>
  /** How many sign up, those of the demo's accounts among them. */
  people: number
  state?: 'draft' | 'cancelled'
}

const classroom: [string, string] = ['创业服务中心 2 楼路演厅', 'Roadshow hall, 2F']
const meeting = 'https://meeting.example.com/event-demo'

export const DONGXIN: EventPlan[] = [
  {
    code: 'founder-training-autumn',
    ahead: 20,
    people: 16,
    sessions: [
      { after: -34, from: 840, to: 1020, topic: ['从想法到商业模式', 'From idea to business model'], place: classroom },
      { after: -27, from: 840, to: 1020, topic: ['财务与融资基础', 'Accounts and raising money'], place: classroom },
      { after: -20, from: 840, to: 1020, topic: ['团队、股权与法律', 'Team, equity and law'], place: classroom },
    ],
    facts: {
      kind: 'training',
      title: { zh: '秋季创业实训营', en: 'Autumn founder training' },
      summary: { zh: '三个下午，从想法到第一笔订单。', en: 'Three afternoons, from idea to first order.' },
      speaker: { zh: '林股融（示例），天使投资人；吴法税（示例），执业律师。', en: 'Example speakers: an investor and a lawyer.' },
      capacity: 20,
      certificateFrom: 2,
    },
  },
  {
    code: 'tax-basics',
    ahead: 14,
    people: 9,
    sessions: [{ after: -9, from: 570, to: 690, place: classroom }],
    facts: {
      kind: 'training',
      title: { zh: '小微企业税收优惠实务', en: 'Tax relief for small companies' },
      summary: { zh: '逐条讲清适用条件和申报方法。', en: 'Who qualifies, and how to file.' },
      capacity: 30,
      certificateFrom: 1,
    },
  },
  {
    code: 'founder-training-winter',
    ahead: 18,
    people: 15,
    sessions: [
      { after: 9, from: 840, to: 1020, topic: ['用户访谈与产品验证', 'Interviews and testing a product'], place: classroom },
      { after: 16, from: 840, to: 1020, topic: ['定价与销售', 'Pricing and sales'], place: classroom },
      { after: 23, from: 840, to: 1020, topic: ['商业计划书打磨', 'Polishing the business plan'], place: classroom },
    ],
    facts: {
      kind: 'training',
      title: { zh: '冬季创业实训营', en: 'Winter founder training' },
      summary: { zh: '小班教学，每队都有作业点评。', en: 'A small class; every team’s homework is discussed.' },
      text: {
        zh: '面向准备注册或刚注册公司的团队。三次课之间有作业，请至少两位成员参加。\n到场两场以上颁发培训证书。',
        en: 'For teams about to found a company or just founded. There is homework in between: come with two of you.\nA certificate is given for two or more sessions.',
      },
      speaker: { zh: '周产品（示例），连续创业者。', en: 'An example speaker: a serial founder.' },
      capacity: 12,
      certificateFrom: 2,
    },
  },
  {
    code: 'angel-roadshow',
    ahead: 24,
    people: 11,
    sessions: [{ after: 14, from: 810, to: 1020, place: classroom, online: meeting }],
    facts: {
      kind: 'roadshow',
      title: { zh: '天使投资路演日', en: 'Angel roadshow' },
      summary: { zh: '8 个项目，每个 10 分钟，现场与投资人对接。', en: 'Eight projects, ten minutes each, and investors to talk to.' },
      capacity: 80,
    },
  },
  {
    code: 'books-clinic',
    ahead: 12,
    people: 4,
    sessions: [{ after: 5, from: 930, to: 990, online: meeting }],
    facts: {
      kind: 'other',
      title: { zh: '财务委托答疑（线上）', en: 'Questions on the trusteeship (online)' },
      summary: { zh: '年底结账要准备什么，现场答疑。', en: 'What to prepare for closing the year.' },
      audience: 'tenants',
      capacity: null,
    },
  },
  {
    code: 'open-day',
    ahead: 15,
    people: 6,
    state: 'cancelled',
    sessions: [{ after: 7, from: 540, to: 720, place: ['园区广场', 'Plaza'] }],
    facts: { kind: 'other', title: { zh: '园区开放日', en: 'Open day' }, capacity: 200 },
  },
  {
    code: 'spring-forum',
    ahead: 60,
    people: 0,
    state: 'draft',
    sessions: [{ after: 75, from: 540, to: 1020, place: classroom }],
    facts: { kind: 'forum', title: { zh: '春季创新论坛', en: 'Spring forum on innovation' }, capacity: 150 },
  },
]

export const JINDONG: EventPlan[] = [
  {
    code: 'autumn-briefing',
    ahead: 20,
    people: 12,
    sessions: [{ after: -48, from: 840, to: 960, place: ['飞地一楼会议厅', 'Conference hall, 1F'] }],
    facts: { kind: 'briefing', title: { zh: '金东飞地秋季推介会', en: 'Autumn briefing of the enclave' }, capacity: 60 },
  },
  {
    code: 'winter-briefing',
    ahead: 25,
    people: 8,
    sessions: [{ after: 18, from: 840, to: 960, place: ['飞地一楼会议厅', 'Conference hall, 1F'] }],
    facts: {
      kind: 'briefing',
      title: { zh: '金东飞地冬季推介会', en: 'Winter briefing of the enclave' },
      summary: {
        zh: '研发在杭州、产业在金东：政策、空间与配套一次讲清。',
        en: 'Research in Hangzhou, production in Jindong: policy, space and services.',
      },
      capacity: 60,
    },
  },
]

/** Given names that nobody has; with a surname and the mark of an example. */
export const NAMES = ['示一', '示二', '示三', '示四', '示五', '示六', '示七', '示八', '示九', '示十']
export const FAMILY = ['赵', '钱', '孙', '李', '周', '吴', '郑', '王']
export const WORDS = ['讲得很实在，案例都用得上。', '希望留更多时间提问。', null, '时间安排合理，茶歇很好。', null]
