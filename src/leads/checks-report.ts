import type { Check, Report } from '../lib/check.ts'
import { eachRecord } from '../parks/each.ts'
import { courseOf, trailIn } from './course.ts'
import { Lead } from './lead.ts'

/** What reports read of a lead is what its path says. */
function checkCourse({ park, _id, number, path, course, state, stage }: Lead, report: Report): void {
  const tell = (message: string) => report(message, { park, kind: 'lead', id: _id, label: number })
  const { trail, stays, lostAt } = courseOf(path)
  if (course?.trail !== trail) tell(`is counted as ${course?.trail}; its path gives ${trail}`)
  if (course?.stays !== stays) tell('is counted with other times than its path gives')
  if ((course?.lostAt?.getTime() ?? null) !== (lostAt?.getTime() ?? null)) tell('is counted as lost at another time than its path says')
  const counted = trailIn(trail)
  if (counted.state !== state || counted.stage !== stage)
    tell(`is ${state} in ${stage}; its path says ${counted.state} in ${counted.stage}`)
}

export const reportChecks: Check[] = [
  { name: 'Reports read of leads what their paths say', run: report => eachRecord<Lead>(Lead, one => checkCourse(one, report)) },
]
