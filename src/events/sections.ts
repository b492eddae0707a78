import type { Request } from 'express'
import type { Event } from './event.ts'

/** Modules above events add a card to an event's page: a view and what it draws; null: nothing for this event or person. */
interface Section {
  view: string
  locals: Record<string, unknown>
}
type Source = (req: Request, event: Event) => Promise<Section | null>
const sources: Source[] = []

export const onEventPage = (source: Source): void => {
  sources.push(source)
}

export const sectionsFor = async (req: Request, event: Event): Promise<Section[]> =>
  (await Promise.all(sources.map(source => source(req, event)))).filter(one => one !== null)
