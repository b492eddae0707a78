import type { Shape } from '../shape.ts'
import type {
  leadIntake as zh,
  leadIntakeActions as zhActions,
  leadIntakeErrors as zhErrors,
  leadIntakeFields as zhFields,
  leadIntakeNotices as zhNotices,
} from '../zh-CN/leads-intake.ts'
import { quickWords } from './leads-quick-words.ts'

export const leadIntake = {
  area: 'Area (㎡)',
  budget: 'Budget (yuan a month)',
  ask: 'Ask for it',
  heard: 'How did you hear of the park?',
  unit: 'Unit asked for',
  form: {
    lead: 'Tell us what you need; somebody from the park will get in touch and show you around.',
    unit: 'You ask for unit {{unit}}, {{area}}',
    who: 'Who you are',
    contact: 'Your name',
    reach: 'Phone or email: at least one of them.',
    emailHelp: 'You will get a mail that confirms your inquiry.',
    wish: 'What you need',
    wishHelp: 'Leave empty what you don’t know yet.',
    areaTo: 'Area to',
    any: 'Any',
    perMonth: 'yuan/month',
    message: 'Message',
    messageHelp: 'For example the size of your team, what the space must have, when to call you.',
    more: 'More about you',
    originHelp: 'The city or district where the company is now.',
    consent: '{{park}} may use these details',
    consentHelp:
      'Only to get in touch with you about moving in. The park’s promotion staff see them; they are not published. You may have them corrected or deleted at any time.',
    send: 'Send',
    orCall: 'Or call the hotline',
  },
  thanks: {
    title: 'We have your inquiry',
    text: 'Somebody from the park will get in touch soon. If you left an email address, a confirmation is on its way.',
    back: 'Back to the park',
  },
  quick: {
    title: 'Take a call',
    lead: 'Write the call in one line and press Enter.',
    line: 'The call',
    lineHelp: 'Company, contact, phone, area, date, use, budget, source, in any order.',
    example: 'Acme Trading Ltd Jane Doe 13900000000 200-300 sqm December office budget 20k referral',
    me: 'Me ({{name}})',
    save: 'Save',
    understood: 'What is understood',
    nothing: 'What is understood shows here while you type, and can be put right.',
    joins: 'Saving adds the call to the first of them; no new lead is made.',
    anew: 'It is another company: make a new lead',
    today: 'My calls today',
    noneToday: 'No calls yet today.',
    knownOne: 'Known lead',
    knownBadge: 'Added',
    doneNew: 'Lead created.',
    doneKnown: 'Added to the lead that is there.',
  },
  twins: {
    title: 'May be known already',
    known: 'Known already',
    owner: 'Looked after by {{owner}}',
    pool: 'In the pool',
    tenant: 'Tenant of the park',
    elsewhere: 'Another park of the district works on it.',
  },
  line: {
    asked: 'Online inquiry',
    unit: 'Online inquiry, unit {{unit}}',
    done: 'Online inquiry',
  },
  words: quickWords,
} as const satisfies Shape<typeof zh>

export const leadIntakeErrors = {
  inquiry: {
    consent: 'Please tick the box to go on.',
    reach: 'Leave a phone number or an email address, so that the park can reach you.',
    area: '“Area to” is less than “Area from”.',
    who: 'Say which company, team or person it is.',
    noOwner: 'Nobody called “{{value}}” owns leads here. Write a name or an email address, or leave it empty.',
    twoOwners: 'More than one person is called “{{value}}”: write the email address.',
    noStage: 'The park has no stage “{{value}}”. One of: {{stages}}.',
    nextNoOwner: 'A lead without an owner waits in the pool and has no next step.',
    phoneTaken: 'The same phone as lead {{number}}, “{{name}}”, and another name.',
    otherCode: 'Lead {{number}} of this name has the credit code {{code}}.',
    isTenant: '“{{tenant}}” is a tenant of the park.',
  },
} as const satisfies Shape<typeof zhErrors>
export const leadIntakeNotices = {
  again: { title: 'Asked again: {{name}}', text: '{{name}} ({{number}}) sent another inquiry; it stands in the lead’s timeline.' },
  back: {
    title: 'A lost lead asked again: {{name}}',
    text: '{{name}} ({{number}}) was lost and has sent an inquiry; it is back in the pool.',
  },
  called: { title: 'New call: {{name}}', text: '{{by}} took a call of {{name}}; lead {{number}} is in the pool.' },
  calledAgain: { title: 'Called again: {{name}}', text: '{{by}} took a call of {{name}} ({{number}}); it stands in the lead’s timeline.' },
  received: {
    title: '{{park}} has your inquiry',
    text: 'Thank you for asking. Somebody from the park will get in touch soon. You can also call {{phone}}.',
  },
  receivedBare: { title: '{{park}} has your inquiry', text: 'Thank you for asking. Somebody from the park will get in touch soon.' },
} as const satisfies Shape<typeof zhNotices>
export const leadIntakeActions = { inquiry: { inquiry: 'Added another inquiry', call: 'Added a call' } } as const satisfies Shape<
  typeof zhActions
>
export const leadIntakeFields = {} as const satisfies Shape<typeof zhFields>
