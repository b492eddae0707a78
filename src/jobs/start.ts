import { eraseApplications } from '../applications/erase.ts'
import { remindOfEvents } from '../events/reminders.ts'
import { sweepFiles } from '../files/store.ts'
import { startImports, stopImports } from '../imports/run.ts'
import { remindOfHolds } from '../leads/hold-reminders.ts'
import { recycleEverywhere } from '../leads/recycle.ts'
import { remindOfAllVisits } from '../leads/visit-reminders.ts'
import { sendReminders } from '../leases/reminders.ts'
import { dayAt } from '../lib/days.ts'
import { remindOfMentoring } from '../mentoring/reminders.ts'
import { startMailer, stopMailer } from '../notifications/mailer.ts'
import { rejectOverdueRequests } from '../rooms/pending.ts'
import { releaseNoShows } from '../rooms/release.ts'
import { tendWaitlists } from '../rooms/waitlist-job.ts'
import { remindOfPapers } from '../trusteeship/reminders.ts'
import { type Job, schedule, stopRunner } from './runner.ts'

const daily = (at: Date): string => dayAt(at, 'Asia/Shanghai')
const minutely = (at: Date): string => at.toISOString().slice(0, 16)

export const JOBS: Job[] = [
  { name: 'lease-reminders', at: '0 8 * * *', period: daily, run: sendReminders },
  { name: 'mentoring-reminders', at: '0 9 * * *', period: daily, run: remindOfMentoring },
  { name: 'event-reminders', at: '15 9 * * *', period: daily, run: remindOfEvents },
  { name: 'lead-recycling', at: '30 7 * * *', period: daily, run: recycleEverywhere },
  { name: 'visit-reminders', at: '30 9 * * *', period: daily, run: remindOfAllVisits },
  { name: 'hold-reminders', at: '45 8 * * *', period: daily, run: remindOfHolds },
  { name: 'application-erasure', at: '15 3 * * *', period: daily, run: eraseApplications },
  { name: 'file-sweep', at: '30 3 * * *', period: daily, run: sweepFiles },
  { name: 'no-shows', at: '* * * * *', period: minutely, run: releaseNoShows },
  { name: 'overdue-requests', at: '* * * * *', period: minutely, run: rejectOverdueRequests },
  { name: 'trustee-reminders', at: '15 8 * * *', period: daily, run: remindOfPapers },
  { name: 'waitlists', at: '* * * * *', period: minutely, run: tendWaitlists },
]

export function startJobs(): void {
  schedule(JOBS)
  startImports()
  startMailer()
}

export async function stopJobs(): Promise<void> {
  await stopRunner()
  await stopImports()
  await stopMailer()
}
