import { model, Schema, type Types } from 'mongoose'
import { pinyin } from 'pinyin-pro'
import { isDuplicateKey } from '../db/transact.ts'
import { type ParkOwned, parkOwned, scopedFind } from '../lib/park-scope.ts'
import { escapeRegExp, halfWidth } from '../lib/text.ts'

/**
 * What the one search box finds. Each record that can be found writes its entry in the transaction that changes it. Terms are
 * every tail of the name, of its pinyin and of its pinyin initials, so that “any part of it” is a prefix look-up in an index.
 */
export interface SearchEntry extends ParkOwned {
  kind: 'unit' | 'tenant' | 'lease' | 'room' | 'application' | 'lead' | 'person'
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
// A look for one kind at a time: many leases must not hide the unit they are of.
schema.index({ park: 1, kind: 1, terms: 1 })
schema.index({ park: 1, ref: 1, kind: 1 }, { unique: true })

export const SearchEntry = model('SearchEntry', schema, 'search')

const HAN = /\p{Script=Han}/u
/** Terms are cut to so many letters; pinyin, which is longer, later. */
const MAX_TAIL = 24
const MAX_PINYIN = 40
const tails = (text: string): string[] => [...text].map((_, i, all) => all.slice(i, i + MAX_TAIL).join(''))

/** What a query and a name are compared by: half width, lower case, no brackets or spaces. */
export const foldTerm = (text: string): string =>
  halfWidth(text)
    .toLowerCase()
    .replace(/[\s()[\]{}·.,'"_/-]/g, '')

function pinyinTails(text: string): string[] {
  if (!HAN.test(text)) return []
  const syllables = pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true }).map(foldTerm).filter(Boolean)
  const whole = syllables.map((_, i) => syllables.slice(i).join('').slice(0, MAX_PINYIN))
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

export type Entry = Omit<SearchEntry, 'terms'> & { texts: (string | null | undefined)[] }

/** Writes or rewrites a record's entry; call it inside the transaction that changes the record. */
export async function putEntry({ texts, ...entry }: Entry): Promise<void> {
  const { park, ref, kind } = entry
  await SearchEntry.updateOne({ park, ref, kind }, { $set: { ...entry, terms: termsOf(texts) } }, { upsert: true })
}

const written = ({ texts, ...entry }: Entry) => ({ ...entry, terms: termsOf(texts) })

/** Writes the entries of records that are new, as many as there are; call it inside the transaction that makes them. */
export async function addEntries(entries: Entry[]): Promise<void> {
  // Whole as they are: casting them again would cost more than writing them.
  await SearchEntry.insertMany(entries.map(written), { lean: true })
}

/**
 * Writes entries of records that have been there for a moment: thousands at once are more than fits a transaction with them. Whoever
 * changed such a record meanwhile has written its entry already.
 */
export async function addLateEntries(entries: Entry[]): Promise<void> {
  await SearchEntry.insertMany(entries.map(written), { lean: true, ordered: false }).catch(error => {
    if (!isDuplicateKey(error)) throw error
  })
}

export async function dropEntry(park: string, ref: Types.ObjectId): Promise<void> {
  await SearchEntry.deleteMany({ park, ref })
}

/**
 * The filter for one text: a prefix of a stored term, taken literally. Terms end after some letters, so that of a longer text its
 * beginning is compared. Null when nothing of the text can be searched.
 */
export function termFilter(text: string): Record<string, unknown> | null {
  const letters = [...foldTerm(text)]
  if (!letters.length) return null
  const start = new RegExp(`^${escapeRegExp(letters.slice(0, MAX_PINYIN).join(''))}`)
  return letters.length > MAX_TAIL ? { $in: [start, letters.slice(0, MAX_TAIL).join('')] } : { $in: [start] }
}

const MAX_REFS = 500

/** The records of one kind that a text finds: any part of a name, its pinyin or initials. For the `q` of lists. */
export async function refsOf(park: string, kind: SearchEntry['kind'], text: string): Promise<Types.ObjectId[]> {
  const terms = termFilter(text)
  if (!terms) return []
  const rows = await scopedFind<{ ref: Types.ObjectId }>(
    SearchEntry,
    { park, kind, terms },
    { projection: { _id: 0, ref: 1 }, limit: MAX_REFS },
  )
  return rows.map(row => row.ref)
}
