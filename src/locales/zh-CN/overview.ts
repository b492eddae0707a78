/** Home, desk, search, district. */
export const overview = {
  search: { label: '搜索房源、企业、合同、人员', placeholder: '搜索房源、企业、合同、人员', title: '搜索' },
} as const
