/** Notifications and mails: title and text. */
export const notice = {
  notice: {
    leaseSubmitted: { title: '合同 {{number}} 待审批', text: '{{tenant}} 的合同已提交,房源已占用,请审批。' },
    leaseApproved: { title: '合同 {{number}} 已批准', text: '{{tenant}} 的合同已批准,可以签署。' },
    leaseReturned: { title: '合同 {{number}} 被退回', text: '{{tenant}} 的合同被退回:{{comment}}' },
    leaseExpiring: { title: '合同 {{number}} 还有 {{days}} 天到期', text: '{{tenant}} 的租期到 {{end}}。请联系续签或安排退租。' },
    ownLeaseExpiring: { title: '贵企业的合同 {{number}} 还有 {{days}} 天到期', text: '租期到 {{end}}。需要续签时,请联系园区。' },
    importDone: { title: '导入完成', text: '共导入 {{count}} 行。' },
    importFailed: { title: '导入未完成', text: '没有写入任何数据。请查看原因后重试。' },
  },
  mail: {
    signature: '—— 智谷园区管理平台(系统邮件,请勿回复)',
    reset: { title: '设置新密码', text: '{{name}},您好:请在 {{hours}} 小时内打开下面的链接设置新密码。如非本人操作,请忽略此邮件。' },
    invite: { title: '{{place}} 邀请您加入', text: '{{by}} 邀请您加入 {{place}}。请在 {{days}} 天内打开下面的链接接受邀请。' },
  },
} as const
