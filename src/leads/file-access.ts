import { onFileAccess } from '../files/access.ts'
import { OFFER_LINK } from './offer.ts'

/** What was offered to whom is read by who may read leads; no tenant has a file of a lead. */
onFileAccess(OFFER_LINK, async () => false, 'lead.read')
