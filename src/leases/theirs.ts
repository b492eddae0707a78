import { rowsIn } from './form.ts'

/** Repeated rows of a lease form that somebody else saved differently in the meantime, as lines to read (CASES 9). */
export const GROUPS = ['lines', 'rentFree', 'escalation', 'reductions'] as const
export type Group = (typeof GROUPS)[number]

type Row = Record<string, unknown>
type Named = { id: string; code: string; floor: string }

const CELLS: Record<Group, string[]> = {
  lines: ['unit', 'rate', 'desks'],
  rentFree: ['from', 'to'],
  escalation: ['from', 'percent'],
  reductions: ['name', 'kind', 'value', 'from', 'to'],
}

const text = (value: unknown): string => String(value ?? '')
const plain = (group: Group, rows: Row[]): string => JSON.stringify(rows.map(row => CELLS[group].map(cell => text(row[cell]))))

function wordsOf(group: Group, row: Row, units: Named[]): string {
  if (group === 'escalation') return `${text(row['from'])} +${text(row['percent'])}%`
  const range = `${text(row['from'])} – ${text(row['to'])}`
  if (group === 'rentFree') return range
  if (group === 'reductions') return `${text(row['name'])} · ${text(row['value'])}${row['kind'] === 'percent' ? '%' : ''} · ${range}`
  const unit = units.find(one => one.id === row['unit'])
  return [unit ? `${unit.floor} ${unit.code}` : '', text(row['rate']), text(row['desks'])].filter(Boolean).join(' · ')
}

/** What stands now in each group that differs from what was typed; a group that is empty now is an empty list. */
export function theirRows(current: Row | null, typed: Record<string, Row[]>, units: Named[]): Partial<Record<Group, string[]>> {
  if (!current) return {}
  const found: Partial<Record<Group, string[]>> = {}
  for (const group of GROUPS) {
    const now = rowsIn(current, group)
    if (plain(group, now) !== plain(group, typed[group] ?? [])) found[group] = now.map(row => wordsOf(group, row, units))
  }
  return found
}
