import type { ObjectId } from 'mongodb'
import type { Action } from '../accounts/roles.ts'
import type { StoredFile } from './store.ts'

/**
 * Who may read a file: whoever may read the record it is linked to. Files stand below the modules whose records carry them, so each
 * of those says here which of its records belong to some tenants.
 */
type Check = (park: string, ref: ObjectId, tenants: string[]) => Promise<boolean>
const checks = new Map<string, Check>()

const actions = new Map<string, Action>()

/** `action`: what reading these files takes, also of staff, where that isn't what reading any file does. */
export const onFileAccess = (kind: string, check: Check, action: Action = 'file.read'): void => {
  checks.set(kind, check)
  actions.set(kind, action)
}

export const actionFor = ({ metadata: { link } }: StoredFile): Action => (link && actions.get(link.kind)) || 'file.read'

const sealed = new Set<string>()

/** Files of this kind go out by their own pages only, which say who looked: the common address of files knows nothing of them. */
export const sealFiles = (kind: string): void => {
  sealed.add(kind)
}

/** `tenants` null: staff, who reach every linked file of the park. A file linked to nothing is still its uploader's alone. */
export async function mayRead(file: StoredFile, who: string, tenants: string[] | null): Promise<boolean> {
  const { park, link, by } = file.metadata
  if (!link) return by === who
  if (sealed.has(link.kind)) return false
  if (!tenants) return true
  return (await checks.get(link.kind)?.(park, link.ref, tenants)) ?? false
}
