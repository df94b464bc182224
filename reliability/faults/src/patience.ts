/** Asking again until it is so. */
import { setTimeout as sleep } from 'node:timers/promises'

const REST_MS = 100

/**
 * Resolves when `isSo` says yes; while it throws, what it asks is away.
 *
 * @throws Error when that does not come in time, with what was thrown last
 */
export async function untilTrue(isSo: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const untilMs = performance.now() + timeoutMs
  let cause: unknown
  while (performance.now() < untilMs) {
    try {
      if (await isSo()) return
      cause = undefined
    } catch (thrown) {
      cause = thrown
    }
    await sleep(REST_MS)
  }
  throw new Error(`it was not so after ${timeoutMs} ms`, { cause })
}
