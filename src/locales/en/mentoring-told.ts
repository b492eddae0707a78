export const mentoringErrors = {
  mentoring: {
    notActive: 'The mentor isn’t active on all days from {{from}} to {{to}}.',
    overlap: 'The mentor has a slot on {{day}} {{from}}–{{to}} already. None was opened.',
    slotTaken: 'This slot has just been booked. Please choose another.',
    slotPast: 'This slot has begun or is past. Please choose another.',
    slotBooked: 'This slot is booked and can’t be removed. Cancel the booking first.',
    cap: 'The team has {{count}} open bookings, which is all it may have.',
    order: 'The end must be after the beginning.',
    length: 'A slot lasts from {{min}} minutes to {{max}} hours.',
    noPlace: 'Give a place or a link to meet online.',
    past: 'This time is past.',
    horizon: 'Slots can be opened for the next {{days}} days.',
    link: 'Give a link that begins with http:// or https://.',
    over: 'Session {{code}} has begun, ended or been cancelled; this can’t be done any more.',
    tooLate: 'You can cancel yourself until {{hours}} hours before. Please call the park.',
    notYet: 'This can be done once the session has begun.',
    notHeld: 'Only a session that was held can be rated.',
    rated: 'The team has rated it: it was held.',
    tooManyNotes: '{{max}} notes at most.',
    tooManyActions: '{{max}} actions at most.',
    changed: 'Somebody has just changed it. Please look again before you go on.',
    codeTaken: 'Another mentor has the code {{code}}.',
    stillBooked: 'There is a booking on {{day}}. Cancel it first, or choose a later day.',
    slotsBefore: 'There are slots on {{day}}: the first day can’t be later.',
    noEmail: 'Save the mentor’s mail address first.',
    userTaken: 'This account is linked to another mentor.',
    fieldUsed: 'Some mentor has the field “{{field}}”: it can’t be removed.',
  },
} as const

export const mentoringActions = {
  mentor: {
    create: 'Add mentor',
    edit: 'Edit mentor',
    retire: 'Set a mentor’s last day',
    return: 'Bring mentor back',
    link: 'Link a mentor’s account',
    invite: 'Invite a mentor',
    unlink: 'Unlink a mentor’s account',
    photo: { set: 'Change mentor’s photo', remove: 'Remove mentor’s photo' },
  },
  mentoring: {
    setup: 'Change mentoring settings',
    book: 'Book a mentor',
    cancel: 'Cancel session',
    outcome: 'Note outcome',
    note: 'Write a note',
    feedback: 'Rate session',
    slot: { open: 'Open slots', close: 'Remove slot' },
    consent: { give: 'Agree to share notes', withdraw: 'Take back sharing of notes' },
    action: { add: 'Add follow-up action', done: 'Complete follow-up action', reopen: 'Reopen follow-up action' },
  },
} as const

export const mentoringFields = {
  mentoringFields: 'Fields',
  cap: 'Cap of bookings',
  cancelHours: 'Hours to cancel',
  mentor: 'Mentor',
  team: 'Team',
  topic: 'Topic',
  outcome: 'Outcome',
  stars: 'Rating',
  audience: 'Who may read it',
  slotDays: 'Days',
  skipped: 'Days off left out',
  who: 'Who',
  due: 'Due',
} as const

export const mentoringNotices = {
  team: {
    booked: { title: 'Booked: {{mentor}} {{when}}', text: '“{{topic}}” ({{team}}). Where: {{where}}. Number {{code}}.' },
    cancelled: { title: 'Cancelled: {{mentor}} {{when}}', text: '“{{topic}}” ({{team}}) is cancelled. {{reason}} Number {{code}}.' },
    reminder: {
      title: 'Tomorrow: {{mentor}} {{when}}',
      text: '“{{topic}}” ({{team}}). Where: {{where}}. If you can’t come, please say so early.',
    },
    noteWritten: { title: '{{mentor}} has written a note', text: 'The note on “{{topic}}” ({{when}}) is there. Sign in to read it.' },
    consentAsked: {
      title: '{{mentor}} asks you to share a note with the park',
      text: 'A note on “{{topic}}” ({{when}}) is meant for the park too. Your team decides, and may take it back at any time.',
    },
  },
  mentor: {
    booked: { title: '{{team}} booked {{when}}', text: '{{mentor}}: the topic is “{{topic}}”. Where: {{where}}. Number {{code}}.' },
    cancelled: { title: 'Cancelled: {{team}} {{when}}', text: '{{mentor}}: “{{topic}}” is cancelled. {{reason}} Number {{code}}.' },
    reminder: { title: 'Tomorrow: {{team}} {{when}}', text: '{{mentor}}: the topic is “{{topic}}”. Where: {{where}}.' },
  },
  actionAdded: { title: 'A follow-up action, due {{due}}', text: '{{mentor}} × {{team}}: {{text}}' },
  actionDue: { title: 'A follow-up action is due: {{due}}', text: '{{mentor}} × {{team}}: {{text}}' },
} as const
