import type { LeadPlan } from './lead-data.ts'

/** The leads of the enclaves. Of real firms stands only what is published (FACTS). */
/** Three of the district intend to move in, and one is being recruited (published); nothing else is known of them. */
export const JINDONG: LeadPlan[] = [
  {
    name: '金锅炉炉',
    ago: 46,
    source: 'event',
    origin: '金华市金东区',
    stages: [
      ['contact', 44],
      ['intent', 30],
    ],
    next: ['确认入驻意向', 4],
  },
  {
    name: '灵奇光电',
    ago: 46,
    source: 'event',
    origin: '金华市金东区',
    stages: [
      ['contact', 43],
      ['intent', 24],
    ],
    next: ['确认入驻意向', 2],
  },
  {
    name: '普莱德',
    ago: 46,
    source: 'event',
    origin: '金华市金东区',
    stages: [
      ['contact', 45],
      ['intent', 18],
    ],
    next: ['确认入驻意向', 6],
  },
  { name: '浙江机器人产业有限公司', ago: 30, source: 'outreach', stages: [['contact', 28]], next: ['继续对接', 8] },
  {
    ...{ name: '金华拾穗农业科技有限公司·示例', ago: 12, source: 'hotline', contact: ['陈穗（示例）', null], origin: '金华市金东区' },
    ...{ industry: 'research', area: [60, 100], product: 'office', moveIn: 45, months: 24, next: ['发送飞地政策', 1] },
  },
  {
    name: '金华望溪光学有限公司·示例',
    ago: 2,
    source: 'inquiry',
    contact: ['郑溪（示例）', null],
    origin: '金华市金东区',
    area: [100, 200],
    pool: true,
  },
]

export const WUCHENG: LeadPlan[] = [
  {
    ...{
      name: '金华双溪智能装备有限公司·示例',
      ago: 18,
      source: 'referral',
      sourceNote: '区科技局推荐',
      contact: ['冯溪（示例）', '副总'],
    },
    ...{
      origin: '金华市婺城区',
      industry: 'iot',
      area: [120, 180],
      moveIn: 60,
      months: 36,
      stages: [
        ['contact', 16],
        ['viewing', 6],
      ],
    },
    next: ['确认研发团队人数', 2],
  },
  {
    name: '婺城青萝生物（示例）',
    ago: 4,
    source: 'hotline',
    contact: ['王萝（示例）', null],
    origin: '金华市婺城区',
    industry: 'biomedicine',
    area: [80, 120],
    next: ['寄送管理办法', 1],
  },
]
