import { scopedFind } from '../lib/park-scope.ts'
import type { Bilingual } from '../lib/text.ts'
import { ServiceVersion } from '../services/service.ts'
import type { Application } from './application.ts'

/** Names of steps of some applications, each in the version it keeps: one read for a page of them. */
type At = Pick<Application, 'service' | 'no' | 'step'>
interface Names {
  service: Application['service']
  no: number
  content: { steps: { name: Bilingual }[] }
}

export async function stepNames(park: string, list: At[]): Promise<(one: At) => Bilingual | null> {
  const keyOf = ({ service, no }: Pick<At, 'service' | 'no'>) => `${service}:${no}`
  const wanted = [...new Map(list.map(one => [keyOf(one), { service: one.service, no: one.no }])).values()]
  const projection = { service: 1, no: 1, 'content.steps.name': 1 }
  const found = wanted.length ? await scopedFind<Names>(ServiceVersion, { park, $or: wanted }, { projection }) : []
  const names = new Map(found.map(version => [keyOf(version), version.content.steps]))
  return one => names.get(keyOf(one))?.[one.step]?.name ?? null
}
