import type { Shape } from '../shape.ts'
import type { leadFile as zhFile, leadMail as zhMail, visitNotices as zhNotices } from '../zh-CN/leads-mails.ts'

export const leadMail = {
  title: 'Write a mail',
  titleFor: 'Write a mail: {{name}}',
  to: 'To',
  in: 'Language',
  langs: { 'zh-CN': 'Chinese', en: 'English' },
  template: 'Template',
  use: 'Use the template',
  useHelp: 'It replaces the subject and text below.',
  noTemplate: 'No template',
  subject: 'Subject',
  text: 'Text',
  textHelp: 'Plain text. Answers go to the lead’s owner.',
  send: 'Send',
  noAddress: 'No contact has an email address',
  noAddressHelp: 'Add one to a contact of the lead first.',
  names: { greeting: 'Greeting', afterVisit: 'After a visit', materials: 'Materials' },
  templates: {
    greeting: {
      subject: '{{park}}: welcome',
      text: 'Dear {{contact}},\n\nThank you for {{name}}’s interest in {{park}}. My name is {{by}}, and I am your contact here.\n\nPlease let me know the area, budget and move-in date you have in mind, and I will look for suitable units.\n\n{{by}}\n{{park}}',
    },
    afterVisit: {
      subject: '{{park}}: thank you for your visit',
      text: 'Dear {{contact}},\n\nThank you for visiting {{park}}. If you have questions about the units you saw, or would like to see them again, just answer this mail.\n\n{{by}}\n{{park}}',
    },
    materials: {
      subject: '{{park}}: materials',
      text: 'Dear {{contact}},\n\nHere is what you asked for about {{park}}:\n\n- \n- \n\nIf you need anything else, just answer this mail.\n\n{{by}}\n{{park}}',
    },
  },
} as const satisfies Shape<typeof zhMail>

export const leadFile = {
  title: 'Files',
  titleFor: 'Files: {{name}}',
  empty: 'No files yet.',
  add: 'Add files',
  papers: 'Choose files',
  help: 'PDF, pictures, Word or Excel; ten at a time.',
  upload: 'Upload',
  remove: 'Remove',
  removeTitle: 'Remove a file',
  removeOf: 'Remove “{{name}}”',
  reason: 'Reason',
  reasonHelp: 'It is kept in the timeline.',
  manage: 'Manage files',
  view: 'View',
} as const satisfies Shape<typeof zhFile>

export const visitNotices = {
  own: {
    invited: {
      title: 'Visit: {{lead}}, {{when}}',
      text: '{{host}} shows {{lead}} ({{number}}) round; people: {{people}}.\nWhen: {{when}}\nWhere: {{place}}\n{{units}}',
    },
    changed: {
      title: 'Visit changed: {{lead}}, {{when}}',
      text: 'The visit of {{lead}} ({{number}}) has changed.\nWhen: {{when}}\nWhere: {{place}}\nHost: {{host}}\n{{units}}',
    },
    calledOff: {
      title: 'Visit called off: {{lead}}, {{when}}',
      text: 'You aren’t needed for the visit of {{lead}} ({{number}}) planned for {{when}} any more. {{reason}}',
    },
    reminder: {
      title: 'Visit tomorrow: {{lead}}, {{when}}',
      text: '{{lead}} ({{number}}) is shown round tomorrow; people: {{people}}.\nWhen: {{when}}\nWhere: {{place}}\nHost: {{host}}\n{{units}}',
    },
    hostless: {
      title: 'Visit without a host: {{lead}}, {{when}}',
      text: '{{host}} doesn’t work here any more. Please choose another host for the visit of {{lead}} ({{number}}) on {{when}}.',
    },
  },
  guest: {
    invited: {
      title: 'Your visit to {{park}}, {{when}}',
      text: 'Dear {{name}},\n\nWe look forward to showing you round {{park}}.\nWhen: {{when}}\nWhere: {{place}}\nHost: {{host}}\n{{units}}\n\nAn entry for your calendar is attached. To change the time, just answer this mail.',
    },
    changed: {
      title: 'Your visit to {{park}} has changed, {{when}}',
      text: 'Dear {{name}},\n\nYour visit to {{park}} has changed. It is now:\nWhen: {{when}}\nWhere: {{place}}\nHost: {{host}}\n{{units}}\n\nTo change the time, just answer this mail.',
    },
    calledOff: {
      title: 'Your visit to {{park}} is called off, {{when}}',
      text: 'Dear {{name}},\n\nYour visit to {{park}} planned for {{when}} is called off: please don’t come. {{reason}}\n\nFor another time, just answer this mail.',
    },
    reminder: {
      title: 'Your visit to {{park}} tomorrow, {{when}}',
      text: 'Dear {{name}},\n\nThis is a reminder of your visit to {{park}} tomorrow.\nWhen: {{when}}\nWhere: {{place}}\nHost: {{host}}\n{{units}}\n\nIf you can’t come, please let us know by answering this mail.',
    },
  },
  letter: { title: '{{subject}}', text: '{{text}}' },
} as const satisfies Shape<typeof zhNotices>
