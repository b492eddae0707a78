import { MATCHED, MEASURED } from './data.ts'

/** What is measured: a page, and what its floor reads (floor.ts). */
export interface LeadPage {
  name: string
  path: string
  floor: string
  /** It reads 200,000 leads: a slice must be long enough for more than a few answers. */
  slow?: true
}

const root = `/parks/${MEASURED}`
const at = (path: string, more: Record<string, string> = {}) => `${path}?${new URLSearchParams({ park: MEASURED, ...more })}`

export const LEAD_PAGES: LeadPage[] = [
  { name: 'board of leads', path: `${root}/leads/board`, floor: at('/board') },
  { name: 'open leads', path: `${root}/leads?tab=open`, floor: at('/list') },
  { name: 'matching units', path: `${root}/leads/${MATCHED}/matches`, floor: at('/matches', { lead: 'XB-MATCHED' }) },
  { name: 'funnel of leads', path: `${root}/reports/leads`, floor: at('/funnel', { by: 'source' }), slow: true },
  {
    name: 'funnel of leads by owner',
    path: `${root}/reports/leads?by=owner`,
    floor: at('/funnel', { by: 'owner', named: '1' }),
    slow: true,
  },
  {
    name: 'funnel of leads, narrowed',
    path: `${root}/reports/leads?source=event&by=origin`,
    floor: at('/funnel', { by: 'origin', source: 'event' }),
    slow: true,
  },
  { name: 'lost leads', path: `${root}/reports/leads/lost`, floor: at('/lost'), slow: true },
  { name: 'ageing leads', path: `${root}/reports/leads/ageing`, floor: at('/ageing') },
  { name: 'vacancy forecast', path: `${root}/reports/leads/forecast`, floor: at('/forecast') },
]
