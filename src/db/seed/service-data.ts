import type { Role } from '../../accounts/roles.ts'
import {
  type FieldKind,
  KEEP,
  type ServiceContent,
  type ServiceDocument,
  type ServiceField,
  type ServiceKind,
  type ServiceStep,
  YEARS,
} from '../../services/content.ts'

/** The services of the demo parks. That Dongxin registers companies free of charge for students was published; fees and days were not. */
export type ServicePlan = ServiceContent & {
  code: string
  kind: ServiceKind
  /** Left unpublished. */
  draft?: boolean
  /** Edited again after it was published. */
  later?: Partial<ServiceContent>
}

const text = (zh: string, en: string) => ({ zh, en })
type Words = [zh: string, en: string]

const field = (key: string, kind: FieldKind, [zh, en]: Words, more: Partial<ServiceField> = {}): ServiceField => ({
  ...{ key, kind, label: text(zh, en), help: null, required: true, options: [] },
  ...more,
})
const paper = (key: string, [zh, en]: Words, more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  ...{ key, name: text(zh, en), help: null, required: true, per: 'application', most: 1, personal: false, classes: [], example: null },
  ...more,
})
const step = (key: string, [zh, en]: Words, role: Role, days: number, more: Partial<ServiceStep> = {}): ServiceStep => ({
  ...{ key, name: text(zh, en), help: null, role, days, outcome: 'done', result: 'none', effect: 'none', told: ['applicant', 'next'] },
  ...more,
})
const check = (more: Partial<ServiceStep> = {}) =>
  step('check', ['受理初审', 'First check'], 'reception', 1, { outcome: 'decision', ...more })
const KEPT = { years: YEARS.usual, keep: KEEP.usual }
const FREE: ServiceContent['fees'] = (['student', 'founder', 'tenant'] as const).map(klass => ({ class: klass, fen: 0 }))
const WHAT = field('what', 'long', ['具体需求', 'What you need'])
const PHONE = field('phone', 'phone', ['联系电话', 'Telephone'])

/** What shows that somebody studies, or did lately. */
const STUDENT = paper('student', ['在校或毕业证明', 'Proof of studies'], {
  ...{ classes: ['student'], most: 2, personal: true },
  help: text(
    '学生证、学籍证明或毕业证。大学生创业者凭此免费。',
    'Student card, enrolment record or diploma: with it the service is free of charge.',
  ),
})

const registration = (fees: ServiceContent['fees'], summary: Words): ServicePlan => ({
  ...{ code: 'company-registration', kind: 'registration', name: text('企业注册代办', 'Company registration'), fees, promise: 20, ...KEPT },
  summary: text(...summary),
  text: text(
    '从名称到社保开户，由园区工作人员全程代办，进度随时可查。\n注册地址可以用园区的房源或工位。',
    'From the name to the social insurance account: the staff do all of it, and you see how far it is.\nA unit or desk of the park can be the registered address.',
  ),
  fields: [
    field('founders', 'founders', ['创始人与持股比例', 'Founders and their shares'], {
      help: text('持股比例合计应为 100%。', 'Shares add up to 100 %.'),
    }),
    field('names', 'names', ['三个备选名称', 'Three name wishes']),
    field('type', 'choice', ['企业类型', 'Type of company'], {
      options: [
        { key: 'limited', label: text('有限责任公司', 'Limited company') },
        { key: 'sole', label: text('个人独资企业', 'Sole proprietorship') },
        { key: 'partnership', label: text('合伙企业', 'Partnership') },
      ],
    }),
    field('capital', 'capital', ['注册资本', 'Registered capital']),
    field('scope', 'scope', ['经营范围', 'Business scope']),
    field('legal-rep', 'legalRep', ['法定代表人', 'Legal representative']),
    field('address', 'address', ['注册地址', 'Registered address']),
    PHONE,
  ],
  documents: [
    paper('identity', ['身份证正反面', 'Identity card, front and back'], { per: 'founder', most: 2, personal: true }),
    ...(fees.some(fee => fee.class === 'student') ? [STUDENT] : []),
    paper('premises', ['住所证明', 'Proof of address'], {
      required: false,
      help: text('租用园区房源的，由园区出具，不用上传。', 'For premises in the park the park issues it.'),
    }),
  ],
  steps: [
    step('check', ['材料初审', 'Document check'], 'reception', 1, { outcome: 'decision', effect: 'prepare' }),
    step('name', ['名称自主申报', 'Name self-declaration'], 'promotion', 1),
    step('filing', ['设立登记申报', 'Establishment filing'], 'promotion', 3),
    step('licence', ['领取营业执照', 'Business licence'], 'promotion', 2, { result: 'required', effect: 'found' }),
    step('seals', ['刻制公章', 'Company seals'], 'reception', 1),
    step('bank', ['预约银行开户', 'Bank appointment'], 'reception', 3),
    step('tax', ['税务登记与发票', 'Tax registration and invoices'], 'finance', 2),
    step('insurance', ['社保与公积金开户', 'Social insurance and housing fund'], 'finance', 2),
  ],
})

/** Services that are a need, a first check and somebody's answer. */
const matched = (code: string, kind: ServiceKind, name: Words, summary: Words, role: Role, days: number): ServicePlan => ({
  ...{ code, kind, name: text(...name), summary: text(...summary), text: null, fees: FREE, promise: null, ...KEPT, documents: [] },
  fields: [WHAT, PHONE],
  steps: [check(), step('match', ['对接办理', 'Matching'], role, days, { result: 'optional' })],
})

const DONGXIN: ServicePlan[] = [
  registration(
    [
      { class: 'student', fen: 0 },
      { class: 'founder', fen: 80_000 },
    ],
    ['大学生创业者免费代办，一次提交，全程跟踪。', 'Free of charge for student founders: hand in once, follow it to the end.'],
  ),
  {
    ...{ code: 'financial-trusteeship', kind: 'trusteeship', name: text('财务委托管理', 'Financial trusteeship') },
    summary: text('按月记账、报税，报告随时下载。', 'Books and taxes, month by month.'),
    ...{ text: null, fees: [{ class: 'tenant', fen: 30_000 }], promise: null, ...KEPT },
    fields: [
      field('taxpayer', 'choice', ['纳税人类型', 'Taxpayer'], {
        options: [
          { key: 'small', label: text('小规模纳税人', 'Small-scale') },
          { key: 'general', label: text('一般纳税人', 'General') },
        ],
      }),
      field('from', 'day', ['希望开始的月份', 'Wanted from']),
      PHONE,
    ],
    documents: [paper('licence', ['营业执照', 'Business licence'])],
    steps: [
      step('agreement', ['签订委托协议', 'Agreement'], 'finance', 3, { outcome: 'decision', result: 'required' }),
      step('handover', ['账务交接', 'Handover of the books'], 'finance', 5),
    ],
  },
  matched(
    'founder-training',
    'training',
    ['创业实训', 'Founder training'],
    ['免费进入区创业实训。', 'Free entry to the district’s training.'],
    'promotion',
    5,
  ),
  matched(
    'team-mentoring',
    'mentoring',
    ['一对一团队辅导', 'One-to-one mentoring'],
    ['导师面对面辅导团队。', 'A mentor for your team.'],
    'promotion',
    5,
  ),
  {
    ...matched('repair', 'repair', ['报修', 'Repair'], ['水电、门窗、网络等报修。', 'Water, power, doors, network.'], 'reception', 2),
    fees: [{ class: 'tenant', fen: 0 }],
    later: { promise: 3 },
  },
  {
    ...matched(
      'project-application',
      'project',
      ['项目申报辅导', 'Project application'],
      ['科技项目申报的选题与材料。', 'Topics and papers.'],
      'promotion',
      10,
    ),
    draft: true,
  },
]

const WUCHENG: ServicePlan[] = [
  matched(
    'technical',
    'technical',
    ['技术难题云对接', 'Technical problems'],
    ['把技术难题交给对口的专家。', 'Your problem, matched to an expert.'],
    'promotion',
    10,
  ),
  matched('project', 'project', ['科技立项云申报', 'Project applications'], ['科技项目线上申报。', 'Applied for online.'], 'promotion', 10),
  matched('policy', 'policy', ['科技政策云辅导', 'Policy tutoring'], ['科技政策线上辅导。', 'Policies explained online.'], 'promotion', 3),
]

const JINDONG: ServicePlan[] = [
  registration([{ class: 'founder', fen: 80_000 }], ['入驻飞地的新公司由团队代办注册。', 'For new companies that move into the enclave.']),
  matched(
    'policy',
    'policy',
    ['飞地政策辅导', 'Policies of the enclave'],
    ['讲解飞地政策，现场答疑。', 'Policies explained, questions answered.'],
    'promotion',
    3,
  ),
]

export const SERVICES: Record<string, ServicePlan[]> = { dongxin: DONGXIN, 'wucheng-hangzhou': WUCHENG, 'jindong-hangzhou': JINDONG }
