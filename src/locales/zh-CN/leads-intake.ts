import { quickWords } from './leads-quick-words.ts'

/** Texts of leads: leads-intake. */
export const leadIntake = {
  area: '面积(㎡)',
  budget: '预算上限(元/月)',
  ask: '咨询此房源',
  heard: '从哪里了解到园区',
  unit: '意向房源',
  form: {
    lead: '留下需求,招商人员会与您联系,安排看房。',
    unit: '意向房源:{{unit}},{{area}}',
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
    consentHelp: '仅用于就入驻事宜与您联系,园区招商人员可见,不会公开。自最后一次联系起保存两年,您可随时要求园区更正或删除。',
    send: '提交',
    orCall: '也可以拨打招商热线',
  },
  thanks: {
    title: '已收到您的需求',
    text: '招商人员会尽快与您联系。如果留了邮箱,确认邮件已发出。',
    back: '返回园区主页',
  },
  words: quickWords,
} as const

export const leadIntakeErrors = {
  inquiry: {
    consent: '请勾选同意后再提交。',
    reach: '请填写电话或邮箱,以便与您联系。',
    area: '「面积到」不能小于「面积从」。',
  },
} as const

export const leadIntakeNotices = {
  again: { title: '再次咨询:{{name}}', text: '{{name}}({{number}})再次在线咨询入驻,内容已记入跟进记录。' },
  back: { title: '流失线索再次咨询:{{name}}', text: '{{name}}({{number}})曾标记为流失,现再次在线咨询,已回到公海。' },
  received: { title: '{{park}}已收到您的入驻咨询', text: '感谢您的咨询,招商人员会尽快与您联系。也可以拨打招商热线 {{phone}}。' },
  receivedBare: { title: '{{park}}已收到您的入驻咨询', text: '感谢您的咨询,招商人员会尽快与您联系。' },
} as const
export const leadIntakeActions = { inquiry: { inquiry: '记入再次咨询', call: '记入来电' } } as const
export const leadIntakeFields = {} as const
