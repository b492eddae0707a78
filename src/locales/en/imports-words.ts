import type { Shape } from '../shape.ts'
import type { importWords as zh } from '../zh-CN/imports-words.ts'
import { leadImport } from './imports-leads.ts'

export const importWords = {
  source: leadImport.sources,
  product: { office: 'Offices', serviced: 'Serviced', workstation: 'Desk|Hot desk', lab: 'Lab', retail: 'Shop' },
  kinds: {
    company: 'Ltd|Limited company',
    partnership: 'LLP',
    individual: 'Sole trader',
    institution: 'Institute',
    branch: 'Branch office',
  },
  industries: {
    software: 'IT|Software',
    ecommerce: 'E-commerce',
    iot: 'IoT',
    biomedicine: 'Biotech|Pharma',
    health: 'Healthcare',
    energy: 'New energy',
    green: 'Environment',
    research: 'R&D|Research',
    carrier: 'Incubator',
    fintech: 'Finance',
    other: 'Others',
  },
  taxpayers: { general: 'General taxpayer', small: 'Small-scale' },
  founders: { student: 'Students', overseas: 'Returnee', researcher: 'Scientist', serial: 'Serial', other: 'Others' },
} as const satisfies Shape<typeof zh>
