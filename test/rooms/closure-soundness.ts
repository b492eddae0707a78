import { expect } from 'chai'
import { blackoutChecks } from '../../src/rooms/blackout-checks.ts'
import { waitChecks } from '../../src/rooms/waitlist-checks.ts'
import { expectSoundRooms } from './soundness.ts'

/** What must hold after anything, closures and offers included. */
export async function expectSound(park: string, granted = 0): Promise<void> {
  await expectSoundRooms(park, granted)
  const findings: string[] = []
  for (const check of [...blackoutChecks, ...waitChecks])
    await check.run((message, subject) => {
      if (subject?.park === park) findings.push(`${check.name}: ${subject.label ?? subject.id} ${message}`)
    })
  expect(findings).to.deep.equal([])
}
