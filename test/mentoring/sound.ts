import { expect } from 'chai'
import mongoose from 'mongoose'
import { checks } from '../../src/mentoring/checks.ts'

/** Expects what the doctor expects of mentoring. */
export async function expectSound(): Promise<void> {
  const found: string[] = []
  for (const check of checks) await check.run((message, subject) => found.push(`${check.name}: ${subject?.label} ${message}`))
  expect(found).to.deep.equal([])
}

/** The same at the end of a test that moved the clock: for the next one, what it made in its future would look wrong. */
export async function expectSoundAndForget(): Promise<void> {
  await expectSound()
  for (const name of ['mentoringsessions', 'mentordays', 'mentoringteams', 'mentoringfollowups'])
    await mongoose.connection.collection(name).deleteMany({})
}
