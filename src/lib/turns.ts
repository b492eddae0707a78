import { HttpError } from './rule-error.ts'

/** Too many are waiting already: 503. */
export class Crowded extends HttpError {
  constructor() {
    super(503)
    this.name = 'Crowded'
  }
}

/** Lets `atOnce` run at the same time; up to `waiting` others take their turns in the order they came, and more are turned away. */
export function turns(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const line: (() => void)[] = []
  const enter = async (): Promise<void> => {
    if (running < atOnce) running += 1
    else if (line.length < waiting) await new Promise<void>(resolve => line.push(resolve))
    else throw new Crowded()
  }
  const leave = (): void => {
    // Whoever is next takes over the place: it is never free in between.
    const next = line.shift()
    if (next) next()
    else running -= 1
  }
  return async work => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
