import type { Application } from 'express'
import { accountRoutes } from './accounts/account.ts'
import { peopleRoutes } from './accounts/people.ts'
import { signInRoutes } from './accounts/sign-in.ts'
import { signUpRoutes } from './accounts/sign-up.ts'
import { draftRoutes } from './applications/draft-routes.ts'
import { applicationFileRoutes } from './applications/file-routes.ts'
import './applications/follow.ts'
import { applicationListRoutes } from './applications/list-routes.ts'
import { applicationReportRoutes } from './applications/report-routes.ts'
import { applicationWorkRoutes } from './applications/work-routes.ts'
import './billing/charge.ts'
import { directoryRoutes } from './club/directory-routes.ts'
import './club/file-access.ts'
import './club/follow.ts'
import { noticeFormRoutes } from './club/notice-form-routes.ts'
import { noticeRoutes } from './club/notice-routes.ts'
import { ownListingRoutes } from './club/own-listing-routes.ts'
import { readerRoutes } from './club/reader-routes.ts'
import { attendeeRoutes } from './events/attendee-routes.ts'
import { certificateRoutes } from './events/certificate-paper.ts'
import { eventCheckInRoutes } from './events/check-in-routes.ts'
import { placeRoutes } from './events/place-routes.ts'
import { programmeRoutes } from './events/programme-routes.ts'
import { publicEventRoutes } from './events/public-routes.ts'
import { eventReportRoutes } from './events/report-routes.ts'
import { fileRoutes } from './files/routes.ts'
import { leadFormRoutes } from './leads/form-routes.ts'
import { leadMergeRoutes } from './leads/merge-routes.ts'
import { leadSetupRoutes } from './leads/setup-routes.ts'
import { leadRoutes } from './leads/show.ts'
import { leadStepRoutes } from './leads/step-routes.ts'
import { changeRoutes } from './leases/change-routes.ts'
import { documentRoutes, templateRoutes } from './leases/document-routes.ts'
import './leads/convert.ts'
import './leases/file-access.ts'
import { importRoutes } from './imports/routes.ts'
import './leads/file-access.ts'
import { matchRoutes } from './leads/match-routes.ts'
import { offerListRoutes } from './leads/offer-list.ts'
import { offerRoutes } from './leads/offer-routes.ts'
import { offerStepRoutes } from './leads/offer-step-routes.ts'
import { leaseRoutes } from './leases/routes.ts'
import { stageRoutes } from './leases/stage-routes.ts'
import { stepRoutes } from './leases/step-routes.ts'
import { wishRoutes } from './leases/wish-routes.ts'
import { findMentorRoutes } from './mentoring/find-routes.ts'
import { mentorRoutes } from './mentoring/mentor-routes.ts'
import { publicMentorRoutes } from './mentoring/public-routes.ts'
import { mentoringReportRoutes } from './mentoring/report-routes.ts'
import { mentoringSessionRoutes } from './mentoring/session-routes.ts'
import { mentoringSetupRoutes } from './mentoring/setup-routes.ts'
import { slotRoutes } from './mentoring/slot-routes.ts'
import { notificationRoutes } from './notifications/routes.ts'
import { adminDistrictRoutes } from './overview/admin-districts.ts'
import { adminParkRoutes } from './overview/admin-parks.ts'
import { adminSystemRoutes } from './overview/admin-system.ts'
import { adminUserRoutes } from './overview/admin-users.ts'
import { auditRoutes } from './overview/audit-routes.ts'
import { deskRoutes } from './overview/desk-routes.ts'
import { districtRoutes } from './overview/district-routes.ts'
import { homeRoutes } from './overview/home.ts'
import { mergeRoutes } from './overview/merge-routes.ts'
import { publicParkRoutes } from './overview/park-page.ts'
import { searchRoutes } from './overview/search-routes.ts'
import { settingsRoutes } from './overview/settings-routes.ts'
import { tenantPageRoutes } from './overview/tenant-page.ts'
import { calendarRoutes } from './parks/calendar-routes.ts'
import { enterPark, insidePark } from './parks/scope.ts'
import { blackoutRoutes } from './rooms/blackout-routes.ts'
import { bookingRoutes } from './rooms/booking-routes.ts'
import { checkInRoutes } from './rooms/check-in-routes.ts'
import { doorRoutes, doorSetupRoutes } from './rooms/door-routes.ts'
import { feedAddressRoutes, feedRoutes } from './rooms/feed-routes.ts'
import { gridRoutes } from './rooms/grid-routes.ts'
import { roomReportRoutes } from './rooms/report-routes.ts'
import { retireRoutes } from './rooms/retire-routes.ts'
import { roomPhotoRoutes } from './rooms/room-photo-routes.ts'
import { roomRoutes } from './rooms/room-routes.ts'
import { seriesRoutes } from './rooms/series-routes.ts'
import { sheetRoutes } from './rooms/sheet.ts'
import { waitlistRoutes } from './rooms/waitlist-routes.ts'
import { catalogueRoutes } from './services/catalogue-routes.ts'
import { publicServiceRoutes } from './services/public-routes.ts'
import { unitBlockRoutes } from './spaces/block-routes.ts'
import { buildingRoutes } from './spaces/building-routes.ts'
import { drawingRoutes } from './spaces/drawing-routes.ts'
import { floorRoutes } from './spaces/floor-routes.ts'
import { unitMergeRoutes } from './spaces/merge-routes.ts'
import { outlineRoutes } from './spaces/outline-routes.ts'
import { planRoutes } from './spaces/plan-routes.ts'
import { unitChangeRoutes } from './spaces/unit-change-routes.ts'
import { unitFormRoutes } from './spaces/unit-form-routes.ts'
import { unitRoutes } from './spaces/unit-routes.ts'
import { companyRoutes } from './tenants/company-routes.ts'
import { incubationRoutes } from './tenants/incubation-routes.ts'
import { profileRoutes } from './tenants/profile-routes.ts'
import { OWN_BASE, STAFF_BASE } from './tenants/record-page.ts'
import { recordRoutes } from './tenants/record-routes.ts'
import { agreementRoutes } from './trusteeship/agreement-routes.ts'
import { boardRoutes } from './trusteeship/board-routes.ts'
import './trusteeship/file-access.ts'
import './trusteeship/follow.ts'
import { monthRoutes } from './trusteeship/month-routes.ts'
import { trusteeRulesRoutes } from './trusteeship/rules-routes.ts'
import { zipRoutes } from './trusteeship/zip-routes.ts'
import { type Base, baseOf, under } from './web/router.ts'

/**
 * Which route table answers where (DESIGN §7): the product's addresses at a glance. Parks come first: most requests are theirs,
 * and every table that stands before them is asked whether it knows the address.
 */
export function mountAll(app: Application): void {
  mountPark(under(app, '/parks/:park'))
  const root = baseOf(app)
  root.mount('/admin', adminSystemRoutes)
  root.mount('/admin/users', adminUserRoutes)
  root.mount('/admin/parks', adminParkRoutes)
  root.mount('/admin/districts', adminDistrictRoutes)
  root.mount('/feeds', feedAddressRoutes)
  root.mount('/', homeRoutes, signInRoutes, signUpRoutes, accountRoutes, notificationRoutes, districtRoutes)
}

function mountPark({ use, mount }: Base): void {
  use(enterPark)
  // Public pages of a park stand before the line that lets only its people in.
  mount('/', publicParkRoutes, publicServiceRoutes, publicMentorRoutes)
  mount('/door', doorRoutes)
  // A founder of no park yet may book a mentor.
  mount('/mentoring', findMentorRoutes, mentoringSessionRoutes)
  // Who founds a company is of no park yet.
  mount('/applications', draftRoutes, applicationListRoutes, applicationFileRoutes, applicationWorkRoutes)
  mount('/events', publicEventRoutes)
  mount('/attendance', placeRoutes)
  mount('/certificates', certificateRoutes)
  use(insidePark)
  mount('/desk', deskRoutes)
  mount('/search', searchRoutes)
  mount('/people', peopleRoutes)
  mount('/units', unitFormRoutes, unitMergeRoutes, unitChangeRoutes, unitBlockRoutes, unitRoutes)
  mount('/buildings', buildingRoutes, planRoutes, floorRoutes, drawingRoutes, outlineRoutes)
  mount('/files', fileRoutes)
  mount('/tenants', profileRoutes, ...recordRoutes(STAFF_BASE), incubationRoutes, mergeRoutes, tenantPageRoutes)
  mount('/company', ...recordRoutes(OWN_BASE), ownListingRoutes, companyRoutes)
  mount('/settings', settingsRoutes, templateRoutes)
  mount('/settings/calendar', calendarRoutes)
  mount('/settings/services', catalogueRoutes)
  mount('/settings/leads', leadSetupRoutes)
  mount('/leases', documentRoutes, wishRoutes, leaseRoutes, stageRoutes, changeRoutes, stepRoutes)
  // What names a lead comes last: “offers” is none.
  mount('/leads', offerListRoutes, offerRoutes, offerStepRoutes, matchRoutes)
  // What names a room comes last: “week” is no room.
  mount('/rooms', gridRoutes, blackoutRoutes, retireRoutes, checkInRoutes, doorSetupRoutes, roomPhotoRoutes, roomRoutes)
  mount('/bookings', waitlistRoutes, feedRoutes, sheetRoutes, seriesRoutes, bookingRoutes)
  mount('/mentoring', slotRoutes, mentorRoutes, mentoringSetupRoutes)
  mount('/reports', roomReportRoutes, mentoringReportRoutes, eventReportRoutes, applicationReportRoutes)
  // What names a month comes last: “terms” is no month.
  mount('/trusteeship', boardRoutes, trusteeRulesRoutes, agreementRoutes, zipRoutes, monthRoutes)
  mount('/programme', eventCheckInRoutes, attendeeRoutes, programmeRoutes)
  // What names a notice comes last: “new” is none.
  mount('/notices', noticeFormRoutes, readerRoutes, noticeRoutes)
  mount('/directory', directoryRoutes)
  // What names a lead comes last: “board” is none.
  mount('/leads', leadFormRoutes, leadStepRoutes, leadMergeRoutes, leadRoutes)
  mount('/audit', auditRoutes)
  mount('/imports', importRoutes)
}
