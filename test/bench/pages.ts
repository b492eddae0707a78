/** The pages that are measured, and which of the floor's answers stands beside each. */
export interface BenchPage {
  name: string
  path: string
  signedIn: boolean
  /** The floor's path for the same data. */
  floor: string
}

const PARK = 'dongxin'
export const PAGES: BenchPage[] = [
  { name: 'public park page', path: `/parks/${PARK}`, signedIn: false, floor: `/public?park=${PARK}` },
  { name: 'stacking plan', path: `/parks/${PARK}/buildings/a`, signedIn: true, floor: `/plan?park=${PARK}&building=a` },
  { name: 'lease list', path: `/parks/${PARK}/leases?status=expiring`, signedIn: true, floor: `/leases?park=${PARK}` },
  {
    name: 'search',
    path: `/parks/${PARK}/search?q=${encodeURIComponent('云帆')}`,
    signedIn: true,
    floor: `/search?park=${PARK}&q=${encodeURIComponent('云帆')}`,
  },
]

/** The same session as the app's visitor, so that the floor reads an identity as large. */
export const floorHeaders = (session: string): Record<string, string> => (session ? { 'x-session': session } : {})
