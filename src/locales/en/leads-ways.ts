import type { Shape } from '../shape.ts'
import type { leadWays as zh } from '../zh-CN/leads-ways.ts'

export const leadWays = {
  merge: {
    title: 'Merge leads',
    intro: 'Merges another lead into {{name}}: follow-ups, visits, offers and holds of both belong to the one that is kept.',
    search: 'Find the other lead',
    nothing: 'No other lead was found.',
    choose: 'Choose',
    kept: 'Kept',
    gone: 'Becomes a signpost',
    confirm: 'Merge',
    confirmText: 'Merge {{other}} into {{name}}? This can’t be undone.',
    swap: 'Keep the other one instead',
  },
  convert: {
    title: 'Turn into a lease',
    intro:
      'Makes the tenant and a lease draft in one step. Units held become the lease’s claim when it is submitted, with no gap in between.',
    company: 'Tenant',
    likely: 'The park has a tenant of this credit code or name. Make sure whether it is the same company.',
    existing: 'Existing tenant',
    fresh: 'New company',
    preparing: 'Without a credit code it is entered as in preparation.',
    fromOffer: 'Terms as in offer {{number}} (valid until {{until}}).',
    save: 'Make lease draft',
  },
  settings: {
    title: 'Rules for leads',
    intro: 'Stages, how likely they end in a lease, and what one person may take. Changes count from now on.',
    stages: 'Stages',
    stagesHelp:
      'New leads begin in the first one. Signing and moved in follow from the lease. To remove a stage empty its name and likelihood; one with leads in it can’t be removed.',
    stage: 'Stage {{no}}',
    zh: 'Name',
    en: 'Name in English',
    weight: 'Likelihood',
    signing: 'Signing',
    moved: 'Moved in',
    own: 'Each person',
    ownLimit: 'Open leads at most',
    ownLimitHelp: 'With that many nobody claims more from the pool; what they enter themselves isn’t limited.',
    leadsUnit: 'leads',
    idleDays: 'Back to the pool after days without anything',
    idleHelp: '0: never.',
    warnDays: 'Told before',
    holds: 'Holds',
    holdLimit: 'Units held at a time',
    unitsUnit: 'units',
    holdDays: 'Longest hold without approval',
  },
} as const satisfies Shape<typeof zh>
