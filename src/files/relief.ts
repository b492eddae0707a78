import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Keeps memory flat while files come in. Each block of a file passes through several short-lived buffers: small objects to V8, with
 * their bytes outside of its heap, so that it sees no reason to collect them before some 64 MiB have piled up. A scavenge (about a
 * millisecond) every few MiB frees them in time.
 */
const EVERY = 4 * 1024 * 1024

type Collect = (options: { type: 'minor' }) => void

function collector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}

let collect: Collect | null = null
let passed = 0

/** Says that so many bytes of a file have passed. */
export function relieve(bytes: number): void {
  passed += bytes
  if (passed < EVERY) return
  passed = 0
  collect ??= collector()
  collect({ type: 'minor' })
}
