/**
 * The words of a lease as it is printed. A lease between Chinese parties is written in Chinese, whatever language the page is in.
 * TAGS are the names by which a template calls the data: own properties of src/leases/document.ts on the left.
 */
export const TAGS = {
  number: '合同编号',
  signedOn: '签订日期',
  park: '园区名称',
  parkAddress: '园区地址',
  lessor: '出租方',
  lessorPhone: '出租方电话',
  lessee: '承租方',
  creditCode: '信用代码',
  legalRep: '法定代表人',
  lesseeAddress: '承租方地址',
  contact: '联系人',
  phone: '联系电话',
  units: '房源',
  floor: '楼层',
  code: '编号',
  area: '面积',
  desks: '工位数',
  rate: '单价',
  totalArea: '总面积',
  unitList: '房源清单',
  purpose: '用途',
  from: '起租日',
  to: '到期日',
  days: '租期天数',
  rateUnit: '单价单位',
  basis: '计租方式',
  months: '计租月',
  broken: '不足月',
  cycle: '付款周期',
  hasRentFree: '有免租期',
  rentFree: '免租期',
  hasEscalation: '有递增',
  escalation: '递增',
  hasReductions: '有减免',
  reductions: '减免',
  name: '名称',
  value: '标准',
  start: '起',
  end: '止',
  percent: '百分比',
  payments: '付款计划',
  no: '期次',
  rent: '租金',
  reduction: '减免额',
  due: '应付',
  total: '合同总额',
  totalWords: '合同总额大写',
  deposit: '押金',
  depositWords: '押金大写',
  carried: '结转押金',
  hasCarried: '有结转押金',
  amendment: '变更次数',
  hasAmendment: '有变更',
  amendedFrom: '变更生效日',
  note: '补充约定',
  hasNote: '有补充约定',
} as const

export const PHRASES = {
  draft: '草 稿',
  draftNote: '草稿：尚未审批，不作为合同使用。',
  void: '作 废',
  voidNote: '本合同已作废。',
  inPreparation: '（企业筹建中，尚未取得）',
  blank: '____________',
  blankDay: '    年    月    日',
  office: '办公、研发',
  day: (year: number, month: number, date: number) => `${year} 年 ${month} 月 ${date} 日`,
  rateUnits: { 'sqm-day': '元/㎡·天', 'sqm-month': '元/㎡·月', month: '元/月', 'desk-month': '元/位·月' },
  basis: {
    'sqm-day': '按计租面积和日单价计算，整月租金 = 日单价 × 计租面积 × 365 ÷ 12',
    'sqm-month': '按计租面积和月单价计算，整月租金 = 月单价 × 计租面积',
    month: '按月计算的固定租金',
    'desk-month': '按工位数计算，整月租金 = 每位月单价 × 工位数',
  },
  months: { start: '自起租日起逐月计算', calendar: '按自然月计算' },
  broken: {
    actual: '不足一个月的，按整月租金 × 实际天数 ÷ 当月天数计算',
    thirty: '不足一个月的，按整月租金 ÷ 30 × 实际天数计算',
    dayrate: '不足一个月的，按日租金 × 实际天数计算',
  },
  cycle: { 1: '每月', 3: '每三个月', 6: '每半年', 12: '每年' },
  reduction: { percent: (value: string) => `减免租金的 ${value}%`, monthly: (value: string) => `每月减免 ${value} 元` },
} as const

/** The default template, block by block: `if` wraps a block in a condition, `loop` repeats a table's row. */
export type Block =
  | { kind: 'title' | 'heading' | 'center' | 'text' | 'plain' | 'space'; text: string; if?: keyof typeof TAGS }
  | { kind: 'table'; loop: keyof typeof TAGS; columns: { head: string; tag: keyof typeof TAGS; width: number; right?: boolean }[] }
  | { kind: 'sign'; left: string[]; right: string[] }

const text = (value: string, condition?: keyof typeof TAGS): Block => ({
  kind: 'text',
  text: value,
  ...(condition ? { if: condition } : {}),
})
const plain = (value: string): Block => ({ kind: 'plain', text: value })
const heading = (value: string): Block => ({ kind: 'heading', text: value })

export const FOOTER = { page: '第 ', of: ' 页 / 共 ', end: ' 页', number: '合同编号：' }

export const BLOCKS: Block[] = [
  { kind: 'title', text: '房屋租赁合同' },
  { kind: 'center', text: '合同编号：{合同编号}' },
  { kind: 'center', text: '第 {变更次数} 次变更，自 {变更生效日} 起生效', if: 'hasAmendment' },
  plain('出租方（甲方）：{出租方}'),
  plain('联系电话：{出租方电话}'),
  plain('承租方（乙方）：{承租方}'),
  plain('统一社会信用代码：{信用代码}'),
  plain('法定代表人：{法定代表人}    住所：{承租方地址}'),
  plain('联系人：{联系人}    联系电话：{联系电话}'),
  text('根据《中华人民共和国民法典》及有关规定，甲乙双方就乙方入驻{园区名称}、租用园区房屋一事协商一致，订立本合同。'),
  heading('第一条 租赁房屋'),
  text('甲方将位于{园区地址}的下列房屋出租给乙方，计租面积合计 {总面积} ㎡：'),
  {
    kind: 'table',
    loop: 'units',
    columns: [
      { head: '楼层', tag: 'floor', width: 14 },
      { head: '房源编号', tag: 'code', width: 26 },
      { head: '计租面积（㎡）', tag: 'area', width: 22, right: true },
      { head: '工位数', tag: 'desks', width: 14, right: true },
      { head: '单价（{单价单位}）', tag: 'rate', width: 24, right: true },
    ],
  },
  heading('第二条 用途'),
  text('房屋用途：{用途}。未经甲方书面同意，乙方不得改变用途，不得转租或转借。'),
  heading('第三条 租期'),
  text('租期自 {起租日} 起至 {到期日} 止，首尾两日均计入，共 {租期天数} 天。'),
  text('免租期：{#免租期}{起} 至 {止}；{/免租期}免租期内不计租金，其他费用照常支付。', 'hasRentFree'),
  heading('第四条 租金'),
  text('租金{计租方式}；{计租月}，{不足月}。各期租金按上述约定精确计算，四舍五入至分。'),
  text('租金标准调整：{#递增}自 {起} 起在原标准上递增 {百分比}%；{/递增}逐次累计。', 'hasEscalation'),
  text('租金减免：{#减免}{名称}，{起} 至 {止} {标准}；{/减免}减免以政策持续有效、乙方持续符合条件为前提。', 'hasReductions'),
  text('租期内应付租金合计 {合同总额}（大写：{合同总额大写}）。'),
  heading('第五条 付款'),
  text('租金{付款周期}支付一次，先付后用，乙方应于每期首日前付清。各期应付如下：'),
  {
    kind: 'table',
    loop: 'payments',
    columns: [
      { head: '期次', tag: 'no', width: 9 },
      { head: '起', tag: 'start', width: 18 },
      { head: '止', tag: 'end', width: 18 },
      { head: '租金', tag: 'rent', width: 19, right: true },
      { head: '减免', tag: 'reduction', width: 17, right: true },
      { head: '应付', tag: 'due', width: 19, right: true },
    ],
  },
  heading('第六条 押金'),
  text('押金为 {押金}（大写：{押金大写}），于签订本合同时付清。租期届满、乙方结清费用并完成退租交接后，甲方无息退还。'),
  text('其中 {结转押金} 由前一份合同的押金结转。', 'hasCarried'),
  heading('第七条 交付与返还'),
  text('交付和返还房屋时，双方共同清点设施、抄录水电表读数并签署交接记录。租期届满未交还的，甲方有权按原标准收取占用费。'),
  heading('第八条 物业、水电与安全'),
  text('物业服务费、水电费、网络费等按园区公布的标准另行支付。乙方应遵守园区管理制度，对其使用范围内的消防和安全生产负责。'),
  heading('第九条 变更与提前终止'),
  text(
    '变更本合同须经双方书面确认。乙方需提前终止的，应提前三十日书面通知甲方，并按已使用的租期结算；已享受的免租期按未履行的租期比例返还。',
  ),
  heading('第十条 续租'),
  text('乙方需续租的，应于租期届满前三十日书面提出。同等条件下，乙方享有优先承租权。'),
  heading('第十一条 争议解决'),
  text('本合同履行中发生争议的，双方协商解决；协商不成的，向房屋所在地人民法院起诉。'),
  heading('第十二条 其他'),
  text('补充约定：{补充约定}', 'hasNote'),
  text('本合同一式四份，甲乙双方各执两份，自双方签字盖章之日起生效。'),
  {
    kind: 'sign',
    left: ['甲方（盖章）：', '{出租方}', '代表人（签字）：', '签订日期：{签订日期}'],
    right: ['乙方（盖章）：', '{承租方}', '法定代表人（签字）：', '签订日期：{签订日期}'],
  },
]

/** Stands in for a lease when an uploaded template is tried. */
export const SAMPLE = {
  tenant: '示例科技(金华)有限公司',
  person: '张三',
  address: '浙江省金华市',
  reduction: '创业扶持',
} as const
