/** Mentoring: what is wrong with an input or a step, what the trail says, what people are told. */
export const mentoringErrors = {
  mentoring: {
    notActive: '导师在 {{from}} 至 {{to}} 之间不都在辅导期内。',
    overlap: '{{day}} {{from}}–{{to}} 已有这位导师的时段，没有开放任何时段。',
    slotTaken: '这个时段刚刚被预约，请另选一个。',
    slotPast: '这个时段已经开始或过去，请另选一个。',
    slotBooked: '这个时段已被预约，不能移除；请先取消预约。',
    cap: '团队已有 {{count}} 个待进行的预约，达到上限。',
    order: '结束应晚于开始。',
    length: '时段应为 {{min}} 分钟到 {{max}} 小时。',
    noPlace: '请填写地点或线上会议链接。',
    past: '这个时间已经过去。',
    horizon: '最远可开放 {{days}} 天内的时段。',
    link: '请填写以 http:// 或 https:// 开头的链接。',
    over: '辅导 {{code}} 已开始、结束或取消，不能这样操作。',
    tooLate: '只能在开始前 {{hours}} 小时以前自行取消，请联系园区。',
    notYet: '辅导开始后才能这样操作。',
    notHeld: '只有已完成的辅导可以评价。',
    rated: '团队已经评价，不能改为未到。',
    tooManyNotes: '最多 {{max}} 条记录。',
    tooManyActions: '最多 {{max}} 项行动。',
    changed: '其他人刚刚改过，请看过现在的情况再操作。',
    codeTaken: '编号 {{code}} 已被另一位导师使用。',
    stillBooked: '{{day}} 还有预约。请先取消或改用更晚的日期。',
    slotsBefore: '{{day}} 已有时段，开始日期不能晚于它。',
    noEmail: '请先填写并保存导师的邮箱。',
    userTaken: '这个账号已关联另一位导师。',
    fieldUsed: '领域“{{field}}”仍有导师使用，不能删除。',
  },
} as const

export const mentoringActions = {
  mentor: {
    create: '添加导师',
    edit: '修改导师资料',
    retire: '设定导师最后一天',
    return: '恢复导师',
    link: '关联导师账号',
    invite: '邀请导师登录',
    unlink: '解除导师账号',
    photo: { set: '更换导师照片', remove: '移除导师照片' },
  },
  mentoring: {
    setup: '修改辅导设置',
    book: '预约导师',
    cancel: '取消辅导',
    outcome: '确认辅导结果',
    note: '写辅导记录',
    feedback: '评价辅导',
    slot: { open: '开放辅导时段', close: '移除辅导时段' },
    consent: { give: '同意向园区共享记录', withdraw: '撤回共享同意' },
    action: { add: '添加后续行动', done: '完成后续行动', reopen: '重新打开后续行动' },
  },
} as const

export const mentoringFields = {
  mentoringFields: '辅导领域',
  cap: '预约上限',
  cancelHours: '取消期限（小时）',
  mentor: '导师',
  team: '团队',
  topic: '主题',
  outcome: '结果',
  stars: '评分',
  audience: '可见范围',
  slotDays: '日期',
  skipped: '跳过的休息日',
  who: '由谁做',
  due: '截止日期',
} as const

export const mentoringNotices = {
  team: {
    booked: { title: '已预约导师 {{mentor}} {{when}}', text: '“{{topic}}”（{{team}}）。地点：{{where}}。编号 {{code}}。' },
    cancelled: { title: '辅导已取消：{{mentor}} {{when}}', text: '“{{topic}}”（{{team}}）已取消。{{reason}} 编号 {{code}}。' },
    reminder: { title: '明天的辅导：{{mentor}} {{when}}', text: '“{{topic}}”（{{team}}）。地点：{{where}}。如不能前来，请尽早告知。' },
    noteWritten: { title: '{{mentor}} 写了辅导记录', text: '{{when}} “{{topic}}”的记录已写好，请登录查看。' },
    consentAsked: {
      title: '{{mentor}} 请您同意与园区共享记录',
      text: '{{when}} “{{topic}}”有一条记录希望也给园区看。是否同意由您的团队决定，可以随时撤回。',
    },
  },
  mentor: {
    booked: { title: '{{team}} 预约了 {{when}} 的辅导', text: '{{mentor}}，您好：主题“{{topic}}”。地点：{{where}}。编号 {{code}}。' },
    cancelled: { title: '辅导已取消：{{team}} {{when}}', text: '{{mentor}}，您好：“{{topic}}”已取消。{{reason}} 编号 {{code}}。' },
    reminder: { title: '明天的辅导：{{team}} {{when}}', text: '{{mentor}}，您好：主题“{{topic}}”。地点：{{where}}。' },
  },
  actionAdded: { title: '新的后续行动，{{due}} 前', text: '{{mentor}} × {{team}}：{{text}}' },
  actionDue: { title: '后续行动将到期：{{due}}', text: '{{mentor}} × {{team}}：{{text}}' },
} as const
