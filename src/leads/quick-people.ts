import { GAP, type Line, oneOf, wordsOf } from './quick-words.ts'

/** What is left of a line once numbers and known words are taken: whose call it is, who is on the phone, and the rest. */
interface Token {
  text: string
  from: number
  to: number
}

const isHan = (text: string): boolean => /^\p{Script=Han}+$/u.test(text)
const isLatin = (text: string): boolean => /^[\p{Script=Latin}.'&-]+$/u.test(text)
const lower = (text: string): string => text.normalize('NFKC').toLowerCase()

const surnames = (): ReadonlySet<string> => new Set(wordsOf('surnames').join(''))

/** A person’s name: a surname with one or two characters behind it, or with a title; what means something else isn't one. */
function isPerson(text: string): boolean {
  if (!isHan(text) || wordsOf('notNames').includes(text)) return false
  const double = wordsOf('doubleSurnames').find(name => text.startsWith(name))
  if (!double && !surnames().has(text[0]!)) return false
  const rest = text.slice(double?.length ?? 1)
  const title = wordsOf('titles').find(word => rest.endsWith(word))
  if (title && rest.length - title.length <= 2) return true
  return rest.length >= 1 && rest.length <= 2 && !wordsOf('notNameEnds').some(end => text.endsWith(end))
}

const isCompany = (text: string): boolean => new RegExp(oneOf('company', 'companyEnd'), 'u').test(lower(text))

/** “…LtdZhang San” without a space: a name directly behind the end of a company's. */
function splitCompany({ text, from, to }: Token): Token[] {
  const ends = [...lower(text).matchAll(new RegExp(oneOf('companyEnd'), 'gu'))]
  for (const end of ends) {
    const at = end.index + end[0].length
    if (lower(text).length === text.length && at < text.length && isPerson(text.slice(at)))
      return [
        { text: text.slice(0, at), from, to: from + at },
        { text: text.slice(at), from: from + at, to },
      ]
  }
  return [{ text, from, to }]
}

/** Words of a Latin name stand apart from each other: they are one until a company's name is at its end. */
function joinLatin(line: Line, tokens: Token[]): Token[] {
  const joined: Token[] = []
  let open = false
  for (const token of tokens) {
    const before = joined.at(-1)
    const latin = isLatin(token.text)
    const near = before && /^\s+$/.test(line.plain.slice(before.to, token.from))
    if (latin && open && near)
      joined[joined.length - 1] = { text: line.original.slice(before.from, token.to), from: before.from, to: token.to }
    else joined.push(token)
    open = latin && !new RegExp(`${oneOf('companyEnd')}\\.?$`, 'u').test(lower(token.text))
  }
  return joined
}

function tokensOf(line: Line): Token[] {
  const tokens = [...line.plain.matchAll(new RegExp(`[^${GAP}]+`, 'gu'))].map(({ 0: text, index }) => {
    const [from, to] = [index, index + text.length]
    return { text: line.original.slice(from, to), from, to }
  })
  const labels = new Set(wordsOf('labels'))
  const worded = tokens.filter(({ text }) => /[\p{L}\p{N}]/u.test(text) && !labels.has(lower(text)))
  return joinLatin(line, worded).flatMap(splitCompany)
}

/** Two to four Latin words next to the phone are who is called; elsewhere they may be anything. */
const isLatinName = (text: string): boolean => /^\p{Lu}[\p{L}.'-]*(?: \p{Lu}[\p{L}.'-]*){0,3}$/u.test(text)

const beside = (line: Line, token: Token, phone: [number, number] | null): boolean => {
  if (!phone) return false
  const between = token.to <= phone[0] ? line.plain.slice(token.to, phone[0]) : line.plain.slice(phone[1], token.from)
  return !new RegExp(`[^${GAP}]`, 'u').test(between)
}

export interface People {
  name: string
  contact: string
  note: string
}

/** `phone`: where it stood; a name next to it is the likeliest. */
export function takePeople(line: Line, phone: [number, number] | null): People {
  const tokens = tokensOf(line)
  const company = tokens.find(({ text }) => !isPerson(text) && isCompany(text))
  const people = tokens.filter(
    token => token !== company && (isPerson(token.text) || (isLatinName(token.text) && beside(line, token, phone))),
  )
  const contact = people.find(token => beside(line, token, phone)) ?? people[0]
  // Without a word that makes it a company, it is what the line begins with.
  const name = company ?? (tokens[0] === contact ? undefined : tokens[0])
  const rest = tokens.filter(token => token !== name && token !== contact)
  return { name: name?.text ?? '', contact: contact?.text ?? '', note: rest.map(({ text }) => text).join(' ') }
}
