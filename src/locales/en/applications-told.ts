import type { Shape } from '../shape.ts'
import type {
  applicationActions as zhActions,
  applicationErrors as zhErrors,
  applicationFields as zhFields,
  applicationNotices as zhNotices,
} from '../zh-CN/applications-told.ts'

export const applicationErrors = {
  application: {
    state: 'The application is “{{state}}” now: look at it as it is, then go on.',
    notForTenants: 'This service isn’t for companies of the park.',
    notForFounders: 'This service is for companies of the park only.',
    notForYou: 'This service is for students, and for founders who graduated in the last {{years}} years.',
    feeChanged: 'Who you are to this service has changed, and with it the fee. Please confirm “Who applies” again.',
    incomplete: '{{count}} tasks are not complete yet.',
    noFounders: 'Name at least one founder.',
    shares: 'Shares add up to 100 %; these are {{sum}} %.',
    share: 'A percentage above 0 and up to 100, with four decimals at most.',
    number: 'A number, with four decimals at most.',
    notGraduated: 'This day is still to come: choose “a student”.',
    founderTwice: 'The identity number of {{name}} stands there twice.',
    idNumber: 'This can’t be an identity number. Please check it.',
    namesTwice: 'The three names must differ.',
    tooMany: 'This document may have {{max}} files.',
    judged: 'This paper has been judged: it can’t be changed.',
    papersOpen: '“{{document}}” has no paper that passes yet.',
    noResult: 'Upload the file this step results in.',
    addressTaken: '“{{unit}}” is taken: ask the applicant for another address.',
    unitGone: 'This address has just been taken. Please choose another.',
    noTenant: 'The tenant in preparation is gone. Please check.',
    nobody: 'Nobody works for this park yet: it can’t take applications.',
    owner: 'Choose a colleague who can do this step.',
    ownWork: 'You applied for this yourself: hand it to a colleague.',
    handler: '{{name}} does it. Take it over first.',
    tooLate: 'Only within {{days}} days after the end.',
    noPreview: 'This file has no preview. Download it.',
    allMoved: 'There is nothing to hand over.',
  },
} satisfies Shape<typeof zhErrors>

export const applicationActions = {
  application: {
    begin: 'Application begun',
    discard: 'Draft deleted',
    change: 'Application changed',
    submit: 'Application handed in',
    finish: 'Step done',
    ask: 'More asked for',
    resume: 'Went on without an answer',
    answer: 'Answered',
    refuse: 'Application refused',
    withdraw: 'Application withdrawn',
    handOver: 'Application handed over',
    rate: 'Service rated',
    reopen: 'Application reopened',
    erase: 'Identity papers deleted',
    view: 'Identity paper looked at',
    download: 'Identity paper downloaded',
    numbers: 'Identity numbers looked at',
    paper: { add: 'Paper handed in', remove: 'Paper taken back', accept: 'Paper accepted', refuse: 'Paper refused' },
  },
} satisfies Shape<typeof zhActions>

export const applicationFields = {
  class: 'Class of applicant',
  document: 'Document',
  step: 'Step',
  owner: 'Done by',
  erased: 'Files deleted',
} satisfies Shape<typeof zhFields>

export const applicationNotices = {
  submitted: {
    title: 'Application {{number}} has arrived: {{service}}',
    text: 'We are at the first step, “{{step}}”. You can see how far it is at any time.',
  },
  step: { title: '{{number}}: “{{step}}” is done', text: '{{service}} is one step further. {{text}}' },
  asked: {
    title: '{{number}} needs something from you',
    text: '{{service}}, {{step}}: {{text}}\nOpen the application, add it there and hand in again.',
  },
  refused: { title: '{{number}} was refused', text: '{{service}} was refused: {{text}}' },
  done: {
    title: '{{number}} is done',
    text: '{{service}} is complete. {{text}}\nTell us how it was; if something is wrong, have it reopened.',
  },
  founded: {
    title: '{{name}} is founded',
    text: 'The licence is here, and the company is one of the park’s with you as its owner: book rooms, see your lease. {{text}}',
  },
  assigned: { title: 'Please do {{number}}, “{{step}}”', text: '{{service}} for {{name}} is with you, due on {{due}}.' },
  answered: { title: '{{number}} was answered', text: '{{name}} has answered: {{text}}\nPlease go on with “{{step}}”, due on {{due}}.' },
  withdrawn: { title: '{{number}} was withdrawn', text: '{{name}} has withdrawn {{service}}: {{text}}' },
  again: { title: '{{number}} was reopened', text: '{{service}} for {{name}} is to go on after its end: {{text}}\nDue on {{due}}.' },
} satisfies Shape<typeof zhNotices>
