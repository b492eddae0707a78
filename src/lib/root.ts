import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The program's own folder, with its views and assets: where package.json is, whether the source runs or a compiled copy of it. */
function find(folder: string): string {
  return existsSync(join(folder, 'package.json')) || folder === dirname(folder) ? folder : find(dirname(folder))
}

export const ROOT = find(import.meta.dirname)
