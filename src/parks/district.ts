import { model, Schema } from 'mongoose'
import { type Bilingual, bilingual } from '../lib/text.ts'

/** A district bureau that runs enclaves or benefits from a park. Districts get renamed and merged: names are valid over time. */
export interface District {
  _id: string
  name: Bilingual
  bureau: Bilingual
  city: Bilingual
  validFrom: string
  validTo: string
  successor: string | null
  /** Its parks are told that another of them works on a company already: never which, nor who. */
  leadsKnown: boolean
}

const schema = new Schema<District>(
  {
    _id: { type: String, match: /^[a-z][a-z0-9-]{1,40}$/ },
    name: bilingual,
    bureau: bilingual,
    city: bilingual,
    validFrom: { type: String, default: '1900-01-01' },
    validTo: { type: String, default: '9999-12-31' },
    successor: { type: String, default: null },
    leadsKnown: { type: Boolean, default: false },
  },
  { timestamps: true },
)

export const District = model('District', schema, 'districts')
