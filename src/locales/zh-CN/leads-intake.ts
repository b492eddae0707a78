import { quickWords } from './leads-quick-words.ts'

/** Texts of leads: leads-intake. */
export const leadIntake = {
  area: '面积（㎡）',
  budget: '预算上限（元/月）',
  ask: '咨询此房源',
  heard: '从哪里了解到园区',
  unit: '意向房源',
  form: {
    lead: '留下需求，招商人员会与您联系，安排看房。',
    unit: '意向房源：{{unit}}，{{area}}',
    who: '您是',
    contact: '联系人',
    reach: '电话和邮箱至少填一项。',
    emailHelp: '填写后会收到一封确认邮件。',
    wish: '需要什么样的空间',
    wishHelp: '不确定的可以不填。',
    areaTo: '面积到',
    any: '不限',
    perMonth: '元/月',
    message: '留言',
    messageHelp: '例如团队人数、装修要求、方便接听电话的时间。',
    more: '补充信息',
    originHelp: '企业目前所在的城市或区县。',
    consent: '我同意{{park}}使用以上信息',
    consentHelp: '仅用于就入驻事宜与您联系，园区招商人员可见，不会公开。您可随时要求园区更正或删除。',
    send: '提交',
    orCall: '也可以拨打招商热线',
  },
  thanks: {
    title: '已收到您的需求',
    text: '招商人员会尽快与您联系。如果留了邮箱，确认邮件已发出。',
    back: '返回园区主页',
  },
  quick: {
    title: '来电快录',
    lead: '一行写完来电内容，按回车保存。',
    line: '来电内容',
    lineHelp: '企业、联系人、电话、面积、时间、用途、预算、来源，顺序不限。',
    example: '杭州某某科技 张三 13900000000 200-300㎡ 12月 办公 预算2万 朋友介绍',
    me: '我（{{name}}）',
    save: '保存',
    understood: '识别结果',
    nothing: '输入后在这里显示识别出的内容，可以修改。',
    joins: '保存后，来电记入上面第一条，不会新增线索。',
    anew: '不是同一家，另建线索',
    today: '我今天的来电',
    noneToday: '今天还没有来电。',
    knownOne: '已知线索',
    knownBadge: '已记入',
    doneNew: '已新增线索。',
    doneKnown: '已记入现有线索。',
  },
  twins: {
    title: '可能已有记录',
    known: '已有记录',
    owner: '由 {{owner}} 跟进',
    pool: '在公海中',
    tenant: '已入驻企业',
    elsewhere: '本区其他园区正在跟进。',
  },
  line: {
    asked: '在线咨询',
    unit: '在线咨询，意向房源 {{unit}}',
    done: '在线咨询',
  },
  words: quickWords,
} as const

export const leadIntakeErrors = {
  inquiry: {
    consent: '请勾选同意后再提交。',
    reach: '请填写电话或邮箱，以便与您联系。',
    area: '「面积到」不能小于「面积从」。',
    who: '请写明企业、团队或联系人。',
    noOwner: '没有叫「{{value}}」的招商人员或经理。请填写姓名或邮箱，或留空。',
    twoOwners: '有多人叫「{{value}}」，请填写邮箱。',
    noStage: '园区没有「{{value}}」这个阶段。可填：{{stages}}。',
    nextNoOwner: '没有负责人的线索在公海中，不能有下一步。',
    phoneTaken: '电话与现有线索 {{number}}「{{name}}」相同，名称不同。',
    otherCode: '已有同名线索 {{number}}，信用代码为 {{code}}。',
    isTenant: '「{{tenant}}」已是入驻企业。',
  },
} as const

export const leadIntakeNotices = {
  again: { title: '再次咨询：{{name}}', text: '{{name}}（{{number}}）再次在线咨询入驻，内容已记入跟进记录。' },
  back: { title: '流失线索再次咨询：{{name}}', text: '{{name}}（{{number}}）曾标记为流失，现再次在线咨询，已回到公海。' },
  called: { title: '新来电：{{name}}', text: '{{by}} 接到 {{name}} 的来电，线索 {{number}} 在公海中。' },
  calledAgain: { title: '再次来电：{{name}}', text: '{{by}} 接到 {{name}}（{{number}}）的来电，内容已记入跟进记录。' },
  received: { title: '{{park}}已收到您的入驻咨询', text: '感谢您的咨询，招商人员会尽快与您联系。也可以拨打招商热线 {{phone}}。' },
  receivedBare: { title: '{{park}}已收到您的入驻咨询', text: '感谢您的咨询，招商人员会尽快与您联系。' },
} as const
export const leadIntakeActions = { inquiry: { inquiry: '记入再次咨询', call: '记入来电' } } as const
export const leadIntakeFields = {} as const
