import type { Role } from '../../src/accounts/roles.ts'

/** The columns of a row's answers, in this order. */
export const COLUMNS = [
  'anonymous',
  'applicant',
  'reception',
  'finance',
  'promotion',
  'manager',
  'official',
  'owner',
  'member',
  'admin',
] as const satisfies (Role | 'anonymous')[]

/**
 * A route, and what each column gets on its own record: `-` the sign-in page, `f` 403, `n` 404, `+` what is fine for the route. That
 * is 200 for a page and 303, 409 or 422 for an empty form, unless the third part says otherwise.
 */
export type Row = [name: string, answers: string, fine?: readonly number[]]
