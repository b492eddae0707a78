import type { Shape } from '../shape.ts'
import type {
  clubActions as zhActions,
  clubErrors as zhErrors,
  clubFields as zhFields,
  clubNotices as zhNotices,
} from '../zh-CN/club-told.ts'

export const clubNotices = {
  published: { title: 'Notice: {{title}}', text: '{{park}} has published a notice: {{excerpt}}' },
  corrected: { title: 'Notice corrected: {{title}}', text: '{{park}} has corrected a notice: {{note}}' },
  withdrawn: { title: 'Notice withdrawn: {{title}}', text: '{{park}} has withdrawn a notice: {{note}}' },
  reminder: { title: 'Please read: {{title}}', text: '{{park}} asks you to read a notice: {{excerpt}}' },
  hidden: { title: 'Your directory entry is hidden', text: 'The park has hidden the entry of {{name}} in the directory: {{reason}}' },
  shown: { title: 'Your directory entry is shown again', text: 'The park shows the entry of {{name}} in the directory again.' },
} as const satisfies Shape<typeof zhNotices>

export const clubErrors = {
  club: {
    bothEnglish: 'Write both the title and the text in English, or neither.',
    noRule: 'Choose at least one condition, or “all companies”.',
    noTenants: 'Choose companies. Those that have left or were merged can’t be chosen.',
    files: 'At most {{max}} files.',
    past: 'It ended {{until}}. Change the date first.',
    over: 'It isn’t current: nobody is reminded.',
    reminded: 'They were reminded today. Try again tomorrow.',
    allRead: 'Everybody has read it.',
    not: { draft: 'It is no draft any more.', published: 'It isn’t published.', withdrawn: 'It wasn’t withdrawn.' },
    emptyListing: 'Write at least one of: about, products and services, looking for.',
    noContact: 'This contact is gone. Choose another.',
    noConsent: 'Ask {{name}} first, and tick the box.',
    hidden: 'It is hidden already, or its company has left the directory.',
    shown: 'It isn’t hidden.',
  },
} as const satisfies Shape<typeof zhErrors>

export const clubActions = {
  notice: {
    create: 'Notice added',
    edit: 'Draft of a notice changed',
    discard: 'Draft of a notice discarded',
    publish: 'Notice published',
    correct: 'Notice corrected',
    withdraw: 'Notice withdrawn',
    remind: 'Reminded of a notice',
    export: 'Readers of a notice exported',
  },
  listing: {
    list: 'Listed in the directory',
    edit: 'Directory entry changed',
    withdraw: 'Left the directory',
    hide: 'Directory entry hidden',
    show: 'Directory entry shown again',
  },
} as const satisfies Shape<typeof zhActions>

export const clubFields = {
  important: 'Important',
  until: 'Until',
  told: 'People told',
  places: 'In the park',
  incubationState: 'Incubation',
  listed: 'In the directory',
  offers: 'Products and services',
  seeking: 'Looking for',
  website: 'Website',
  showIndustry: 'Industry shown',
} as const satisfies Shape<typeof zhFields>
