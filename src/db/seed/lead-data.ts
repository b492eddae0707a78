import type { LeadFacts, LostReason } from '../../leads/lead.ts'

/** The demo's leads. Invented firms say so (示例); of a real one stands only what is published (FACTS). Days count back from today. */
export interface LeadPlan {
  name: string
  /** Days ago on which it came on. */
  ago: number
  source: LeadFacts['source']
  /** Each stage it was moved to, with the days ago of it. */
  stages?: [stage: string, ago: number][]
  contact?: [name: string, title: string | null]
  industry?: LeadFacts['industry']
  origin?: string
  area?: [from: number, to: number]
  budget?: number
  product?: LeadFacts['wish']['product']
  desks?: number
  /** Days from today on which it wants to move in. */
  moveIn?: number
  months?: number
  note?: string
  sourceNote?: string
  /** What was said, with the days ago. */
  said?: [ago: number, kind: 'call' | 'message' | 'meeting' | 'note', text: string][]
  next?: [what: string, inDays: number]
  /** Without an owner it waits in the pool. */
  pool?: true
  lost?: [reason: LostReason, note: string, ago: number]
}

export const DONGXIN: LeadPlan[] = [
  {
    ...{ name: '杭州晴川软件有限公司·示例', ago: 34, source: 'hotline', contact: ['陈晴（示例）', '行政经理'], industry: 'software' },
    ...{ origin: '杭州市西湖区', area: [180, 260], budget: 14_000, product: 'office', moveIn: 40, months: 36 },
    stages: [
      ['contact', 33],
      ['viewing', 25],
      ['intent', 14],
      ['negotiation', 5],
    ],
    said: [
      [33, 'call', '目前租约明年 1 月到期，希望靠近地铁，团队 35 人。'],
      [25, 'meeting', '到访，看了 2F、3F 的三套。喜欢采光好的一面。'],
      [14, 'call', '确认两套都合适，询问免租期。'],
      [5, 'message', '提出三年租期、两个月免租，请示后答复。'],
    ],
    next: ['答复免租期并发送报价', 1],
  },
  {
    ...{ name: '浙江拾贝电商有限公司·示例', ago: 21, source: 'inquiry', contact: ['何拾（示例）', null], industry: 'ecommerce' },
    ...{ area: [90, 130], budget: 7_500, product: 'office', moveIn: 25, months: 12, note: '需要打包间，货车可以停靠。' },
    stages: [
      ['contact', 20],
      ['viewing', 11],
    ],
    said: [
      [20, 'call', '只考虑一层或地下一层。'],
      [11, 'meeting', '看了一层两套，觉得层高合适。'],
    ],
    next: ['确认装卸货时间规定', -2],
  },
  {
    ...{ name: '星桥物联实验室（示例）', ago: 9, source: 'referral', sourceNote: '在园企业介绍', contact: ['林桥（示例）', '创始人'] },
    ...{ industry: 'iot', area: [60, 90], product: 'lab', moveIn: 60, months: 24, stages: [['contact', 7]] },
    said: [[7, 'call', '需要三相电和通风，设备 4 台。']],
    next: ['请工程部确认电容量', 2],
  },
  {
    ...{ name: '见山设计（筹）·示例', ago: 6, source: 'walkin', contact: ['吴见（示例）', null], product: 'workstation', desks: 6 },
    ...{
      budget: 4_200,
      moveIn: 15,
      months: 12,
      stages: [
        ['contact', 6],
        ['viewing', 4],
      ],
    },
    said: [[6, 'meeting', '大学生创业，想先租工位，同时咨询注册。']],
    next: ['介绍大创免费代办', 0],
  },
  {
    ...{ name: '杭州青梧生物科技有限公司·示例', ago: 52, source: 'outreach', contact: ['孙梧（示例）', '总经理'], industry: 'biomedicine' },
    ...{ origin: '杭州市滨江区', area: [300, 450], budget: 30_000, product: 'lab', moveIn: 120, months: 60 },
    stages: [
      ['contact', 50],
      ['viewing', 41],
      ['intent', 22],
    ],
    said: [
      [41, 'meeting', '技术负责人一起来看，关心废水处理。'],
      [22, 'call', '董事会原则同意，等环评意见。'],
    ],
    next: ['跟进环评意见', 9],
  },
  {
    ...{
      name: '浙江鹿原新能源有限公司·示例',
      ago: 44,
      source: 'hotline',
      contact: ['郑原（示例）', null],
      industry: 'energy',
      area: [150, 200],
    },
    ...{
      moveIn: 30,
      stages: [
        ['contact', 43],
        ['viewing', 36],
      ],
      said: [[36, 'meeting', '看房后表示再比较两家。']],
    },
    next: ['电话回访', -11],
  },
  {
    ...{ name: '杭州半亩环保科技有限公司·示例', ago: 3, source: 'inquiry', contact: ['周亩（示例）', null], industry: 'green' },
    ...{ area: [100, 160], budget: 9_000, moveIn: 75, months: 24, pool: true },
  },
  {
    name: '云上财税服务（示例）',
    ago: 1,
    source: 'inquiry',
    contact: ['李云（示例）', null],
    industry: 'fintech',
    area: [40, 60],
    pool: true,
  },
  {
    name: '来电咨询：张先生（示例）',
    ago: 0,
    source: 'hotline',
    contact: ['张先生（示例）', null],
    product: 'serviced',
    note: '下周路过想看看。',
    pool: true,
  },
  {
    ...{ name: '杭州归林健康管理有限公司·示例', ago: 15, source: 'event', contact: ['王归（示例）', '合伙人'], industry: 'health' },
    ...{ area: [200, 280], moveIn: 50, months: 36, stages: [['contact', 12]], next: ['约看房时间', 1] },
  },
  {
    ...{
      name: '浙江石桥工业设计研究院·示例',
      ago: 28,
      source: 'referral',
      sourceNote: '区科技局推荐',
      contact: ['冯石（示例）', '副院长'],
    },
    ...{ industry: 'research', origin: '金华市', area: [400, 600], budget: 40_000, moveIn: 90, months: 60 },
    stages: [
      ['contact', 27],
      ['viewing', 19],
      ['intent', 8],
    ],
    said: [[19, 'meeting', '整层更合适，可以分两期入驻。']],
    next: ['准备分期方案', 3],
  },
  {
    ...{
      name: '杭州海拾网络有限公司·示例',
      ago: 70,
      source: 'hotline',
      contact: ['赵海（示例）', null],
      industry: 'software',
      area: [120, 160],
    },
    ...{
      stages: [
        ['contact', 69],
        ['viewing', 58],
      ],
      lost: ['price', '预算 1.2 元/㎡·天，差距较大。', 40],
    },
  },
  {
    ...{
      name: '浙江木里家居电商（示例）',
      ago: 95,
      source: 'outreach',
      contact: ['钱木（示例）', null],
      industry: 'ecommerce',
      area: [800, 1000],
    },
    ...{ stages: [['contact', 90]], lost: ['area', '需要 800 ㎡ 以上连续空间和月台。', 77] },
  },
  {
    ...{
      name: '杭州月白软件有限公司·示例',
      ago: 120,
      source: 'inquiry',
      contact: ['孙月（示例）', null],
      industry: 'software',
      area: [80, 120],
    },
    ...{
      stages: [
        ['contact', 119],
        ['viewing', 110],
        ['intent', 100],
      ],
      lost: ['elsewhere', '选择了离家更近的园区。', 82],
    },
  },
  {
    ...{ name: '知微数据（示例）', ago: 160, source: 'event', contact: ['吴微（示例）', null], industry: 'software', area: [60, 80] },
    ...{ stages: [['contact', 158]], lost: ['unreachable', '三次电话无人接听。', 120] },
  },
]
