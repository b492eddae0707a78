import { leadImport } from './imports-leads.ts'

/** Other words a file may use for the values of a column, separated by “|”. */
export const importWords = {
  source: leadImport.sources,
  product: {
    office: '办公室|写字楼|标准办公',
    serviced: '服务式|联合办公|精装办公',
    workstation: '卡座|位',
    lab: '研发实验|实验',
    retail: '商铺|配套商业',
  },
  kinds: {
    company: '有限公司|有限责任公司|股份公司|企业',
    partnership: '合伙',
    individual: '个体|个体户',
    institution: '研究院|院所',
    branch: '分公司',
  },
  industries: {
    software: '软件|信息软件|信息技术|软件信息',
    ecommerce: '电商',
    iot: '物联',
    biomedicine: '医药|生物',
    health: '健康|健康服务',
    energy: '能源',
    green: '环保|节能',
    research: '研发|科研设计|科研设计院所',
    carrier: '科技创新载体|孵化器',
    fintech: '金融',
    other: '其它',
  },
  taxpayers: { general: '一般', small: '小规模' },
  founders: { student: '大创|学生', overseas: '海归|留学', researcher: '科研', serial: '连续创业', other: '其它' },
} as const
