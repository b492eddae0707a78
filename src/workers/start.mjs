// A thread starts without the TypeScript loader of its parent: it registers its own, then loads the task by name. Compiled, there
// is nothing to register.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const compiled = existsSync(join(import.meta.dirname, 'pool.js'))
if (!compiled) (await import('tsx/esm/api')).register()
const tasks = new Map()

export default async function start({ task, input }) {
  if (!tasks.has(task)) tasks.set(task, (await import(`./${task}.${compiled ? 'js' : 'ts'}`)).default)
  return tasks.get(task)(input)
}
