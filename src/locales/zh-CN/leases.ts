/** Leases from draft to handover. */
export const leases = {
  new: '新建合同',
  status: {
    draft: '草稿',
    review: '审批中',
    approved: '待签署',
    signed: '已签署',
    upcoming: '未开始',
    active: '履行中',
    expiring: '即将到期',
    holding: '逾期未退',
    ended: '已到期',
    terminated: '已终止',
    renewed: '已续签',
    cancelled: '已作废',
  },
} as const
