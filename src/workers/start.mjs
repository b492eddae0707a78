import { register } from 'tsx/esm/api'

// A thread starts without the TypeScript loader of its parent: it registers its own, then loads the task by name.
register()
const tasks = new Map()

export default async function start({ task, input }) {
  if (!tasks.has(task)) tasks.set(task, (await import(`./${task}.ts`)).default)
  return tasks.get(task)(input)
}
