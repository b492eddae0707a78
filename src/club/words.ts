import type { Request } from 'express'
import type { Audience } from './audience.ts'

/** Whom a notice is for, in words. */
export function audienceText({ t }: Pick<Request, 't'>, { kind, places, incubation, industries, tenants }: Audience): string {
  if (kind === 'all') return t('club.notice.kinds.all')
  if (kind === 'chosen') return t('club.notice.chosenCount', { count: tenants.length })
  const groups = [
    places.map(place => t(`tenant.place.${place}`)),
    incubation.map(state => t(`record.incubation.state.${state}`)),
    industries.map(industry => t(`record.profile.industries.${industry}`)),
  ]
  return groups
    .filter(group => group.length)
    .map(group => group.join(t('club.notice.or')))
    .join(' · ')
}
