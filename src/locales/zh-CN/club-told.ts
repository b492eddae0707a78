/** What people are told of the club, and its words for errors and the trail. */
export const clubNotices = {
  published: { title: '公告：{{title}}', text: '{{park}} 发布了公告：{{excerpt}}' },
  corrected: { title: '公告更正：{{title}}', text: '{{park}} 更正了公告：{{note}}' },
  withdrawn: { title: '公告撤回：{{title}}', text: '{{park}} 撤回了公告：{{note}}' },
  reminder: { title: '请阅读公告：{{title}}', text: '{{park}} 提醒您阅读公告：{{excerpt}}' },
  hidden: { title: '名录信息已隐藏', text: '园区已从企业名录中隐藏 {{name}} 的信息：{{reason}}' },
  shown: { title: '名录信息已恢复显示', text: '园区已恢复显示 {{name}} 在企业名录中的信息。' },
} as const

export const clubErrors = {
  club: {
    bothEnglish: '标题和正文的英文请一并填写。',
    noRule: '请至少选择一个条件，或选择“全部企业”。',
    noTenants: '请选择企业。已迁出或合并的企业不能选择。',
    files: '附件最多 {{max}} 个。',
    past: '有效期 {{until}} 已过，请修改后再发布。',
    over: '公告不在有效期内，不能提醒。',
    reminded: '今天已提醒过，请明天再试。',
    allRead: '所有人都已阅读，不需要提醒。',
    not: { draft: '公告已不是草稿。', published: '公告不在发布状态。', withdrawn: '公告没有撤回。' },
    emptyListing: '请至少填写介绍、产品与服务、正在寻找中的一项。',
    noContact: '该联系人已不存在，请重新选择。',
    noConsent: '请先征得 {{name}} 的同意并勾选。',
    hidden: '该企业的信息已隐藏或已退出名录。',
    shown: '该企业的信息没有隐藏。',
  },
} as const

export const clubActions = {
  notice: {
    create: '新增公告',
    edit: '修改公告草稿',
    discard: '删除公告草稿',
    publish: '发布公告',
    correct: '更正公告',
    withdraw: '撤回公告',
    remind: '提醒未读公告',
    export: '导出公告已读情况',
  },
  listing: {
    list: '加入企业名录',
    edit: '修改名录信息',
    withdraw: '退出企业名录',
    hide: '隐藏名录信息',
    show: '恢复显示名录信息',
  },
} as const

export const clubFields = {
  important: '重要',
  until: '有效至',
  told: '通知人数',
  places: '入驻状态',
  incubationState: '孵化状态',
  listed: '在名录中',
  offers: '产品与服务',
  seeking: '正在寻找',
  website: '网站',
  showIndustry: '显示行业',
} as const
