import type { Shape } from '../shape.ts'
import type {
  trusteeActions as zhActions,
  trusteeErrors as zhErrors,
  trusteeFields as zhFields,
  trusteeNotices as zhNotices,
} from '../zh-CN/trusteeship-notes.ts'

export const trusteeErrors: Shape<typeof zhErrors> = {
  trustee: {
    month: 'Please give a month, such as 2026-11.',
    running: 'This company has trusteeship {{number}} (from {{from}}) in that time; there can’t be two.',
    staff: 'Please choose a manager or accountant of the park.',
    noPapers: 'Please list at least one monthly paper.',
    paperTwice: 'The list of papers is too long, or names one twice.',
    termsFrom: 'New terms begin in {{month}} at the earliest, and not after the last month.',
    begun: '{{month}} was begun; the last month can’t be before it.',
    state: 'This month is “{{state}}” now. Please look at it again.',
    missing: 'Required papers missing: {{count}}. Please upload them, or say that there are none this month.',
    notOver: 'The books of this month can be made once {{day}} is over.',
    monthBefore: 'Please make the books of {{month}} first.',
    monthAfter: 'The books of {{month}} are made; please take it back first.',
    noReport: 'Please upload at least one report first.',
    given: 'Files were uploaded; take them back first to say that there are none.',
    ended: 'This paper was refused or taken back already.',
    tooMany: 'Too many files: {{max}} a month at most.',
    filing: 'The return of {{month}} is due within the three months after it.',
    filingTwice: '{{month}} is given twice.',
  },
}

export const trusteeNotices: Shape<typeof zhNotices> = {
  assigned: { title: 'You handle the books of {{tenant}}', text: 'Agreement {{number}} is yours now. Please look at its months.' },
  received: { title: '{{tenant}} has handed in the papers of {{month}}', text: 'Please check them and make the books.' },
  refused: { title: 'Refused for {{month}}: {{paper}}', text: 'Reason: {{reason}}\nPlease upload it again.' },
  back: { title: 'Papers of {{month}} are needed again', text: 'Reason: {{reason}}\nPlease hand them over again once they are complete.' },
  reported: { title: 'Reports of {{month}} can be downloaded', text: 'The park has finished the books and the tax return of {{month}}.' },
  papersDue: { title: 'Papers of {{month}} are due {{due}}', text: 'Still missing: {{missing}}. Where there is none, please say so.' },
  papersLate: {
    title: 'Papers of {{month}} are late',
    text: 'They were due {{due}}; still missing: {{missing}}. Please upload them soon, the tax return needs them.',
  },
  handOver: { title: 'Please hand over the papers of {{month}}', text: 'All are there; due {{due}}. Please press “All papers are here”.' },
  filing: { title: '{{tenant}}: the return of {{month}} is late', text: 'It was due {{due}} and isn’t filed yet.' },
}

export const trusteeActions: Shape<typeof zhActions> = {
  trusteeship: {
    make: 'New trusteeship',
    terms: 'Change terms of trusteeship',
    handOver: 'Hand to a colleague',
    end: 'Change last month',
    attach: 'Upload signed agreement',
    rules: 'Change due dates of trusteeship',
    back: 'Back one step',
    step: { received: 'Papers received', booked: 'Books made', filed: 'Return filed', reported: 'Reported' },
    paper: { add: 'Upload papers', none: 'None this month', withdraw: 'Take back paper', refuse: 'Refuse paper' },
    report: { add: 'Upload reports', remove: 'Remove report' },
  },
}

export const trusteeFields: Shape<typeof zhFields> = {
  trustee: 'Handled by',
  fromMonth: 'First month',
  endMonth: 'Last month',
  papers: 'Monthly papers',
  paper: 'Paper',
  report: 'Report',
  paperDays: 'Papers (working day)',
  bookDays: 'Books (working day)',
  reportDays: 'Reports (working days)',
  remindDays: 'Reminder (working days)',
  filing: 'Tax return due',
}
