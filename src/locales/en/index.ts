import type { Shape } from '../shape.ts'
import type { zh } from '../zh-CN/index.ts'
import { accounts } from './accounts.ts'
import { admin } from './admin.ts'
import { application } from './applications.ts'
import { applicationForm } from './applications-form.ts'
import { applicationReport } from './applications-report.ts'
import { audit } from './audit.ts'
import { charge } from './billing.ts'
import { blackout } from './blackouts.ts'
import { booking } from './bookings.ts'
import { calendar } from './calendar.ts'
import { checkIn } from './check-in.ts'
import { club } from './club.ts'
import { common } from './common.ts'
import { district } from './districts.ts'
import { door } from './door.ts'
import { drawing } from './drawings.ts'
import { error } from './errors.ts'
import { event } from './events.ts'
import { eventQuestion, eventRoom } from './events-more.ts'
import { eventReport, eventStaff } from './events-staff.ts'
import { feed } from './feeds.ts'
import { imports } from './imports.ts'
import { lead } from './leads.ts'
import { leadBoard } from './leads-board.ts'
import { leadEvent } from './leads-events.ts'
import { hold } from './leads-holds.ts'
import { leadIntake } from './leads-intake.ts'
import { leadMatch } from './leads-match.ts'
import { offer } from './leads-offers.ts'
import { leadReport } from './leads-report.ts'
import { visit } from './leads-visits.ts'
import { leadWays } from './leads-ways.ts'
import { leaseLife } from './lease-life.ts'
import { leaseStep } from './lease-steps.ts'
import { leases } from './leases.ts'
import { mentoring } from './mentoring.ts'
import { notice } from './notices.ts'
import { overview } from './overview.ts'
import { parks } from './parks.ts'
import { recurrence } from './recurrence.ts'
import { grid } from './room-grid.ts'
import { roomReport } from './room-report.ts'
import { room } from './rooms.ts'
import { series } from './series.ts'
import { service } from './services.ts'
import { settings } from './settings.ts'
import { shared } from './shared.ts'
import { spaces } from './spaces.ts'
import { structure } from './structure.ts'
import { record } from './tenant-records.ts'
import { tenants } from './tenants.ts'
import { trustee } from './trusteeship.ts'
import { unit } from './units.ts'
import { waitlist } from './waitlist.ts'

export const en = {
  ...common,
  ...notice,
  ...shared,
  error,
  admin,
  audit,
  district,
  settings,
  service,
  application,
  applicationForm,
  applicationReport,
  mentoring,
  trustee,
  event,
  club,
  eventStaff,
  eventRoom,
  eventQuestion,
  eventReport,
  accounts,
  parks,
  space: spaces,
  structure,
  tenant: tenants,
  record,
  drawing,
  leaseStep,
  lease: leases,
  imports,
  feed,
  door,
  unit,
  room,
  booking,
  calendar,
  lead,
  leadWays,
  leadIntake,
  leadBoard,
  leadMatch,
  hold,
  offer,
  leadEvent,
  visit,
  leadReport,
  roomReport,
  grid,
  recurrence,
  series,
  blackout,
  waitlist,
  checkIn,
  leaseLife,
  charge,
  ...overview,
} as const satisfies Shape<typeof zh>
