import type { Shape } from '../shape.ts'
import type { notice as zh } from '../zh-CN/notices.ts'
import { applicationNotices } from './applications-told.ts'
import { clubNotices } from './club-told.ts'
import { eventNotices } from './events-staff.ts'
import { leadNotices } from './leads.ts'
import { leadBoardNotices } from './leads-board.ts'
import { leadEventNotices } from './leads-events.ts'
import { holdNotices } from './leads-holds.ts'
import { leadIntakeNotices } from './leads-intake.ts'
import { visitNotices } from './leads-mails.ts'
import { leadMatchNotices } from './leads-match.ts'
import { offerNotices } from './leads-offers.ts'
import { leadReportNotices } from './leads-report.ts'
import { mentoringNotices } from './mentoring-told.ts'
import { trusteeNotices } from './trusteeship-notes.ts'

export const notice = {
  notice: {
    mentoring: mentoringNotices,
    leaseSubmitted: {
      title: 'Lease {{number}} waits for approval',
      text: 'The lease of {{tenant}} was submitted and its units are claimed. Please decide.',
    },
    leaseApproved: { title: 'Lease {{number}} is approved', text: 'The lease of {{tenant}} is approved and can be signed.' },
    leaseReturned: { title: 'Lease {{number}} was returned', text: 'The lease of {{tenant}} was returned: {{comment}}' },
    leaseExpiring: {
      title: 'Lease {{number}} ends in {{days}} days',
      text: 'The term of {{tenant}} ends on {{end}}. Please talk about a renewal or plan the move-out.',
    },
    ownLeaseExpiring: {
      title: 'Your lease {{number}} ends in {{days}} days',
      text: 'Its term ends on {{end}}. Please contact the park if you want to renew.',
    },
    trustee: trusteeNotices,
    importDone: { title: 'Import finished', text: '{{count}} rows were imported.' },
    importFailed: { title: 'Import not finished', text: 'Nothing was written. Please look at the reason and try again.' },
    invitation: {
      invited: {
        title: 'Invitation: {{title}}',
        text: 'Dear {{name}}, {{who}} invites you to “{{title}}”.\nWhen: {{when}}\nWhere: {{place}}',
      },
      changed: {
        title: 'Changed: {{title}}',
        text: 'Dear {{name}}, “{{title}}” of {{who}} has changed.\nWhen: {{when}}\nWhere: {{place}}',
      },
      calledOff: {
        title: 'Called off: {{title}}',
        text: 'Dear {{name}}, “{{title}}” of {{who}} ({{when}}) was called off, or you are no longer invited.',
      },
      invitedSeries: {
        title: 'Invitation: {{title}} ({{count}} dates)',
        text: 'Dear {{name}}, {{who}} invites you to “{{title}}” on {{count}} dates, first {{first}}, last on {{last}}.\nWhere: {{place}}',
      },
      changedSeries: {
        title: 'Changed: {{title}} ({{count}} dates)',
        text: 'Dear {{name}}, {{count}} dates of “{{title}}” of {{who}} have changed, from {{first}} to {{last}}.\nWhere: {{place}}',
      },
      calledOffSeries: {
        title: 'Called off: {{title}} ({{count}} dates)',
        text: 'Dear {{name}}, {{count}} dates of “{{title}}” of {{who}} were called off, from {{first}} to {{last}}.',
      },
      edited: { title: 'Booking {{code}} was edited', text: '{{room}}, {{when}}, title: {{title}}.' },
    },
    bookingSeries: {
      booked: {
        title: 'Series booked: {{room}} ({{count}} dates)',
        text: '“{{title}}”, first {{first}}, last on {{last}}. All dates are in the calendar attachment.',
      },
      requested: {
        title: 'Series requested: {{room}} ({{count}} dates)',
        text: '“{{title}}”, first {{first}}, last on {{last}}. It waits for the park’s approval.',
      },
      waiting: {
        title: 'A series waits for approval: {{room}} ({{count}} dates)',
        text: '{{who}} asks for “{{title}}”, first {{first}}, last on {{last}}. Please decide.',
      },
      moved: {
        title: 'Series changed: {{room}} ({{count}} dates)',
        text: '“{{title}}”, from {{first}} to {{last}}. The calendar attachment has the new times.',
      },
      cancelled: { title: 'Series cancelled: {{room}} ({{count}} dates)', text: '“{{title}}”, from {{first}} to {{last}}.' },
      blocked: {
        title: '{{count}} bookings cancelled: rooms closed',
        text: 'We are sorry: {{count}} bookings from {{first}} to {{last}} can’t take place: {{reason}} What was paid and free hours are given back.',
      },
    },
    event: eventNotices,
    application: applicationNotices,
    club: clubNotices,
    lead: leadNotices,
    inquiry: leadIntakeNotices,
    board: leadBoardNotices,
    match: leadMatchNotices,
    hold: holdNotices,
    offer: offerNotices,
    leadEvent: leadEventNotices,
    visit: visitNotices,
    leadReport: leadReportNotices,
    waitlist: {
      offered: {
        title: 'Free now: {{room}} {{when}}',
        text: 'The time you were waiting for is free and kept for you until {{until}}. Book it before, or it goes to the next in line. “{{title}}”',
      },
      lapsed: {
        title: 'No longer kept: {{room}} {{when}}',
        text: 'The time kept for “{{title}}” went to the next in line. Join the waitlist again if you still need it.',
      },
      closed: {
        title: 'Waitlist closed: {{room}} {{when}}',
        text: 'The room is closed at that time: {{reason}} “{{title}}” can’t take place there.',
      },
      retired: { title: 'Waitlist closed: {{room}} {{when}}', text: 'The room is out of use then: “{{title}}” can’t take place there.' },
      desk: {
        offered: {
          title: 'Call who waits: {{room}} {{when}}',
          text: 'The time {{who}} waits for is free and kept until {{until}}. Call them, and book or decline for them.',
        },
        lapsed: { title: 'No longer kept: {{room}} {{when}}', text: 'The time kept for {{who}} went to the next in line.' },
        closed: { title: 'Waitlist closed: {{room}} {{when}}', text: 'The room is closed then: {{reason}} Please tell {{who}}.' },
        retired: { title: 'Waitlist closed: {{room}} {{when}}', text: 'The room is out of use then. Please tell {{who}}.' },
      },
    },
    booking: {
      booked: { title: 'Booked: {{room}} {{when}}', text: '“{{title}}” is booked for {{who}}. Code {{code}}.' },
      requested: {
        title: 'Requested: {{room}} {{when}}',
        text: '“{{title}}” was requested for {{who}}. You will hear when it is confirmed. Code {{code}}.',
      },
      waiting: { title: 'To confirm: {{room}} {{when}}', text: '{{who}} asks for the room. Please confirm or decline. Code {{code}}.' },
      approved: { title: 'Confirmed: {{room}} {{when}}', text: 'Your request “{{title}}” is confirmed. Code {{code}}.' },
      rejected: { title: 'Declined: {{room}} {{when}}', text: 'Your request “{{title}}” was declined: {{reason}} Code {{code}}.' },
      lost: {
        title: 'Declined: {{room}} {{when}}',
        text: 'The time of “{{title}}” went to another request, or began before anybody confirmed it. Please choose another time or room. Code {{code}}.',
      },
      moved: { title: 'Moved: {{room}} {{when}}', text: '“{{title}}” is now at this time and place. Code {{code}}.' },
      cancelled: { title: 'Cancelled: {{room}} {{when}}', text: '“{{title}}” was cancelled. {{reason}} Code {{code}}.' },
      released: {
        title: 'Released: {{room}} {{when}}',
        text: 'Nobody checked in for “{{title}}”: the rest of its time is free for others. Code {{code}}.',
      },
      blocked: {
        title: 'Cancelled, as the room is closed: {{room}} {{when}}',
        text: 'We are sorry: “{{title}}” can’t take place. {{reason}} Price and free hours were given back. Code {{code}}.',
      },
    },
  },
  mail: {
    signature: '— Zhigu park management (automatic mail, please do not reply)',
    reset: {
      title: 'Set a new password',
      text: 'Hello {{name}}, please open the link below within {{hours}} hours to set a new password. If you did not ask for it, ignore this mail.',
    },
    invite: {
      title: '{{place}} invites you',
      text: '{{by}} invites you to join {{place}}. Please open the link below within {{days}} days to accept.',
    },
  },
} as const satisfies Shape<typeof zh>
