import type { Shape } from '../shape.ts'
import type { feed as zh } from '../zh-CN/feeds.ts'

export const feed: Shape<typeof zh> = {
  title: 'Calendar addresses',
  intro: 'Shows bookings in the calendar of your phone or computer, always up to date.',
  busy: 'Busy',
  closed: 'Closed',
  pending: 'Waiting for approval',
  mine: 'My bookings',
  company: 'Our company’s bookings',
  kind: { person: 'My bookings', tenant: 'The company’s bookings', room: 'When rooms are taken' },
  kindHint: {
    person: 'All bookings you answer for, private ones too.',
    tenant: 'Bookings of everybody in the company, private ones too.',
    room: 'When a room is taken. Of a private booking it says “Busy” and nothing else.',
  },
  none: 'No address yet',
  made: 'Made {{at}}',
  make: 'Make an address',
  makeOf: 'Make an address: {{name}}',
  again: 'Replace',
  againConfirm:
    'With a new address the old one of “{{name}}” stops working at once, and calendars that use it are no longer updated. Go on?',
  revoke: 'Revoke',
  revokeOf: 'Revoke the address: {{name}}',
  revokeConfirm: 'Revoke the address of “{{name}}”? Calendars that use it are no longer updated.',
  revoked: 'The address was revoked.',
  fresh: 'The address of “{{name}}”',
  freshHint:
    'Copy it now: it is shown this once. Whoever knows it can read the calendar without signing in, so keep it to yourself; it can be replaced or revoked at any time.',
  address: 'Address',
  copy: 'Copy',
  copied: 'Copied',
  open: 'Open in the calendar',
  how: 'How to subscribe',
  howLines: {
    phone: 'iPhone: Settings → Calendar → Accounts → Add Account → Other → Add Subscribed Calendar, then paste the address.',
    outlook: 'Outlook: Add calendar → Subscribe from web, then paste the address.',
    other: 'Other calendars: choose “From URL” or “Subscribe”.',
    limits: 'Shows the last 30 days and everything to come; calendar programs usually look again every hour or few.',
    leave: 'When you leave the park or the company, or your account is disabled, the addresses stop working at once.',
  },
}
