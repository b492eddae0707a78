import { model, Schema, type Types } from 'mongoose'
import { pinyin } from 'pinyin-pro'
import { type ParkOwned, parkOwned, scopedFind } from '../lib/park-scope.ts'
import { escapeRegExp, halfWidth } from '../lib/text.ts'

/**
 * What the one search box finds. Each record that can be found writes its entry in the transaction that changes it. Terms are
 * every tail of the name, of its pinyin and of its pinyin initials, so that “any part of it” is a prefix look-up in an index.
 */
export interface SearchEntry extends ParkOwned {
  kind: 'unit' | 'tenant' | 'lease' | 'person'
  ref: Types.ObjectId
  title: string
  detail: string
  /** The page of the record, below /parks/:park. */
  path: string
  tenant: Types.ObjectId | null
  terms: string[]
}

const schema = parkOwned<SearchEntry>(
  {
    kind: { type: String, required: true },
    ref: { type: Schema.Types.ObjectId, required: true },
    title: { type: String, required: true },
    detail: { type: String, default: '' },
    path: { type: String, required: true },
    tenant: { type: Schema.Types.ObjectId, default: null },
    terms: { type: [String], default: [] },
  },
  { versionKey: false, timestamps: false },
)
schema.index({ park: 1, terms: 1 })
schema.index({ park: 1, ref: 1, kind: 1 }, { unique: true })

export const SearchEntry = model('SearchEntry', schema, 'search')

const HAN = /\p{Script=Han}/u
const MAX_TAIL = 24
const tails = (text: string): string[] => [...text].map((_, i, all) => all.slice(i, i + MAX_TAIL).join(''))

/** What a query and a name are compared by: half width, lower case, no brackets or spaces. */
export const foldTerm = (text: string): string =>
  halfWidth(text)
    .toLowerCase()
    .replace(/[\s()[\]{}·.,'"_/-]/g, '')

function pinyinTails(text: string): string[] {
  if (!HAN.test(text)) return []
  const syllables = pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true }).map(foldTerm).filter(Boolean)
  const whole = syllables.map((_, i) => syllables.slice(i).join('').slice(0, 40))
  const initials = tails(syllables.map(syllable => syllable[0]!).join(''))
  return [...whole, ...initials]
}

export function termsOf(texts: (string | null | undefined)[]): string[] {
  const terms = new Set<string>()
  for (const text of texts) {
    if (!text) continue
    for (const term of [...tails(foldTerm(text)), ...pinyinTails(halfWidth(text))]) if (term) terms.add(term)
  }
  return [...terms]
}

type Entry = Omit<SearchEntry, 'terms'> & { texts: (string | null | undefined)[] }

/** Writes or rewrites a record's entry; call it inside the transaction that changes the record. */
export async function putEntry({ texts, ...entry }: Entry): Promise<void> {
  const { park, ref, kind } = entry
  await SearchEntry.updateOne({ park, ref, kind }, { $set: { ...entry, terms: termsOf(texts) } }, { upsert: true })
}

export async function dropEntry(park: string, ref: Types.ObjectId): Promise<void> {
  await SearchEntry.deleteMany({ park, ref })
}

const MAX_REFS = 500

/** The records of one kind that a text finds: any part of a name, its pinyin or initials. For the `q` of lists. */
export async function refsOf(park: string, kind: SearchEntry['kind'], text: string): Promise<Types.ObjectId[]> {
  const term = foldTerm(text)
  if (!term) return []
  const filter = { park, kind, terms: { $regex: `^${escapeRegExp(term)}` } }
  const rows = await scopedFind<{ ref: Types.ObjectId }>(SearchEntry, filter, { projection: { ref: 1 }, limit: MAX_REFS })
  return rows.map(row => row.ref)
}
