import { putEntry } from '../search/entry.ts'
import type { Application } from './application.ts'

/** What the search box finds of an application: its number, and whose it is. Only once it was handed in, and only for the park's people. */
export async function indexApplication({ park, _id, number, name, userName, title }: Application): Promise<void> {
  if (!number) return
  await putEntry({
    ...{ park, kind: 'application', ref: _id, title: number, detail: `${name} · ${title.zh}`, path: `/applications/${_id}` },
    ...{ tenant: null, texts: [number, name, userName] },
  })
}
