/** Mails and files of leads, and what guests and hosts of visits are told. */
export const leadMail = {
  title: '写邮件',
  titleFor: '写邮件：{{name}}',
  to: '收件人',
  in: '语言',
  langs: { 'zh-CN': '中文', en: '英文' },
  template: '模板',
  use: '套用模板',
  useHelp: '套用会替换下面的主题和正文。',
  noTemplate: '不用模板',
  subject: '主题',
  text: '正文',
  textHelp: '纯文本。回复会发给线索的负责人。',
  send: '发送',
  noAddress: '联系人都没有邮箱',
  noAddressHelp: '先在线索中补充联系人的邮箱。',
  names: { greeting: '问候', afterVisit: '看房之后', materials: '园区资料' },
  templates: {
    greeting: {
      subject: '{{park}}：欢迎了解',
      text: '{{contact}} 您好：\n\n感谢{{name}}关注{{park}}。我是{{by}}，负责与您对接。\n\n方便的话，请告诉我需要的面积、预算和入驻时间，我会为您准备合适的房源。\n\n{{by}}\n{{park}}',
    },
    afterVisit: {
      subject: '{{park}}：感谢来访',
      text: '{{contact}} 您好：\n\n感谢您来{{park}}看房。如果对看过的房源还有问题，或希望再看一次，请直接回复这封邮件。\n\n{{by}}\n{{park}}',
    },
    materials: {
      subject: '{{park}}：园区资料',
      text: '{{contact}} 您好：\n\n您需要的{{park}}资料如下：\n\n- \n- \n\n如需其他材料，请回复这封邮件。\n\n{{by}}\n{{park}}',
    },
  },
} as const

export const leadFile = {
  title: '文件',
  titleFor: '文件：{{name}}',
  empty: '还没有文件。',
  add: '添加文件',
  papers: '选择文件',
  help: 'PDF、图片、Word 或 Excel，一次最多 10 个。',
  upload: '上传',
  remove: '移除',
  removeTitle: '移除文件',
  removeOf: '移除「{{name}}」',
  reason: '原因',
  reasonHelp: '记入时间线。',
  manage: '管理文件',
  view: '查看',
} as const

export const visitNotices = {
  own: {
    invited: {
      title: '看房：{{lead}}，{{when}}',
      text: '{{host}} 带 {{lead}}（{{number}}）看房，{{people}} 人。\n时间：{{when}}\n地点：{{place}}\n{{units}}',
    },
    changed: {
      title: '看房有变动：{{lead}}，{{when}}',
      text: '{{lead}}（{{number}}）的看房有变动。\n时间：{{when}}\n地点：{{place}}\n带看人：{{host}}\n{{units}}',
    },
    calledOff: { title: '看房取消：{{lead}}，{{when}}', text: '{{lead}}（{{number}}）原定 {{when}} 的看房不再需要您参加。{{reason}}' },
    reminder: {
      title: '明天看房：{{lead}}，{{when}}',
      text: '明天带 {{lead}}（{{number}}）看房，{{people}} 人。\n时间：{{when}}\n地点：{{place}}\n带看人：{{host}}\n{{units}}',
    },
    hostless: {
      title: '看房没有带看人：{{lead}}，{{when}}',
      text: '{{host}} 已不在园区任职，{{lead}}（{{number}}）在 {{when}} 的看房请另选带看人。',
    },
  },
  guest: {
    invited: {
      title: '{{park}}看房邀请，{{when}}',
      text: '{{name}} 您好：\n\n欢迎来{{park}}看房。\n时间：{{when}}\n地点：{{place}}\n带看人：{{host}}\n{{units}}\n\n邮件附有日历，可直接加入。需要改时间，请回复这封邮件。',
    },
    changed: {
      title: '{{park}}看房有变动，{{when}}',
      text: '{{name}} 您好：\n\n您在{{park}}的看房有变动，现在是：\n时间：{{when}}\n地点：{{place}}\n带看人：{{host}}\n{{units}}\n\n需要改时间，请回复这封邮件。',
    },
    calledOff: {
      title: '{{park}}看房取消，{{when}}',
      text: '{{name}} 您好：\n\n原定 {{when}} 在{{park}}的看房取消，请不必前来。{{reason}}\n\n需要另约时间，请回复这封邮件。',
    },
    reminder: {
      title: '明天来{{park}}看房，{{when}}',
      text: '{{name}} 您好：\n\n提醒您明天来{{park}}看房。\n时间：{{when}}\n地点：{{place}}\n带看人：{{host}}\n{{units}}\n\n来不了的话，请回复这封邮件告诉我们。',
    },
  },
  /** What somebody wrote. */
  letter: { title: '{{subject}}', text: '{{text}}' },
} as const
