/** What trusteeship says elsewhere: errors, notifications, the trail of changes. */
export const trusteeErrors = {
  trustee: {
    month: '请填写月份，例如 2026-11。',
    running: '该企业在这段时间已有委托 {{number}}（自 {{from}} 起），不能同时有两份。',
    staff: '请选择园区的经理或财务。',
    noPapers: '请至少列出一种每月资料。',
    paperTwice: '资料清单过长或有重复。',
    termsFrom: '新约定最早从 {{month}} 开始，且不晚于结束月份。',
    begun: '{{month}} 已经开始办理，结束月份不能早于它。',
    state: '这个月份现在是「{{state}}」，请查看最新情况后再操作。',
    missing: '还缺 {{count}} 种必交资料。请上传，或注明本月无。',
    notOver: '要等 {{day}} 过后才能记这个月的账。',
    monthBefore: '请先完成 {{month}} 的记账。',
    monthAfter: '{{month}} 已经记账，请先把它退回。',
    noReport: '请先上传至少一份报表。',
    given: '已上传文件，不能再注明本月无。如需更改，请先撤回文件。',
    ended: '这份资料已被退回或撤回。',
    tooMany: '文件过多，一个月最多 {{max}} 个。',
    filing: '{{month}} 的申报截止日应在随后的三个月之内。',
    filingTwice: '{{month}} 填写了两次。',
  },
} as const

export const trusteeNotices = {
  assigned: { title: '{{tenant}} 的财务委托由您经办', text: '协议 {{number}} 已交由您经办，请查看各月进度。' },
  received: { title: '{{tenant}} 已交齐 {{month}} 的资料', text: '请核对资料并记账。' },
  refused: { title: '{{month}} 的资料被退回：{{paper}}', text: '原因：{{reason}}\n请重新上传。' },
  back: { title: '{{month}} 的资料需要补充', text: '原因：{{reason}}\n补齐后请再次点「资料交齐」。' },
  reported: { title: '{{month}} 的报表可以下载了', text: '园区已完成 {{month}} 的记账和申报。' },
  papersDue: { title: '请在 {{due}} 前交 {{month}} 的资料', text: '还缺 {{missing}} 种资料。没有的，请注明本月无。' },
  papersLate: { title: '{{month}} 的资料已逾期', text: '期限是 {{due}}，还缺 {{missing}} 种资料。为免影响申报，请尽快上传。' },
  handOver: { title: '请确认 {{month}} 的资料已交齐', text: '资料已齐，期限 {{due}}。请点「资料交齐」交给园区。' },
  filing: { title: '{{tenant}} {{month}} 的申报已逾期', text: '申报期限是 {{due}}，还没有完成申报，请尽快处理。' },
} as const

export const trusteeActions = {
  trusteeship: {
    make: '新增财务委托',
    terms: '修改委托约定',
    handOver: '移交经办人',
    end: '更改结束月份',
    attach: '上传委托协议',
    rules: '修改财务委托期限',
    back: '退回上一步',
    step: { received: '资料交齐', booked: '完成记账', filed: '完成申报', reported: '反馈报表' },
    paper: { add: '上传资料', none: '注明本月无', withdraw: '撤回资料', refuse: '退回资料' },
    report: { add: '上传报表', remove: '移除报表' },
  },
} as const

export const trusteeFields = {
  trustee: '经办人',
  fromMonth: '起始月份',
  endMonth: '结束月份',
  papers: '每月资料',
  paper: '资料',
  report: '报表',
  paperDays: '交资料（第几个工作日）',
  bookDays: '记账（第几个工作日）',
  reportDays: '反馈（工作日）',
  remindDays: '提前提醒（工作日）',
  filing: '申报期限',
} as const
