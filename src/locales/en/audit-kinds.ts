import type { Shape } from '../shape.ts'
import type { recordKinds as zh } from '../zh-CN/audit-kinds.ts'

export const recordKinds = {
  unit: 'Unit',
  room: 'Room',
  booking: 'Booking',
  blackout: 'Closed room',
  waitlist: 'Waitlist',
  series: 'Series of bookings',
  building: 'Building',
  drawing: 'Floor plan',
  tenant: 'Tenant',
  lease: 'Lease',
  user: 'Person',
  park: 'Park',
  district: 'District',
  import: 'Import',
  mail: 'Mail',
  template: 'Lease template',
  calendar: 'Holidays',
  feed: 'Calendar address',
  service: 'Service',
  application: 'Application',
  mentor: 'Mentor',
  mentoring: 'Mentoring',
  notice: 'Notice',
  listing: 'Directory entry',
  event: 'Event',
  attendee: 'Attendee',
  lead: 'Lead',
<<<<<<< HEAD
  leadsetup: 'Rules for leads',
=======
  leadview: 'View of leads',
>>>>>>> 90b4cc9 (Show leads as a table and a board, keep views of them, and say whose each one is)
  offer: 'Offer',
  visit: 'Visit',
  charge: 'Charge',
  trusteeship: 'Trusteeship',
  trusteeround: 'Month of a trusteeship',
} satisfies Shape<typeof zh>
