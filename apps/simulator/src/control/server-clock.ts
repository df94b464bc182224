/**
 * The clock of a local server. AWS has none to offer: there the answer is wall time.
 */
import { ControlPlaneError } from './control-plane.ts'

/** How a server's time runs. */
export interface ServerClock {
  readonly nowMs: number
  /** Clock seconds per wall second; 1 on AWS and for a virtual clock, which stands still. */
  readonly rate: number
  readonly mode: string
}

const TIMEOUT_MS = 10_000

/** Asks a server for its clock; wall time where there is none to ask. */
export async function serverClock(controlUrl: string | undefined): Promise<ServerClock> {
  const wall = { nowMs: Date.now(), rate: 1, mode: 'system' }
  if (controlUrl === undefined) return wall
  try {
    // Not `/_muster/clock`, which asks for the admin token where there is one.
    const response = await fetch(new URL('/_muster/health', controlUrl), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) return wall
    const { nowMs, rate, mode } = (await response.json()) as ServerClock
    return { nowMs, mode, rate: mode === 'virtual' || !(rate >= 1) ? 1 : rate }
  } catch {
    return wall
  }
}

/**
 * Moves a virtual clock.
 *
 * @param timeoutMs - how long the server may work on it
 * @throws ControlPlaneError when the server has no virtual clock or does not answer
 */
export async function advanceServerClock(
  controlUrl: string | undefined,
  advanceSeconds: number,
  timeoutMs = 300_000,
): Promise<void> {
  if (controlUrl === undefined) {
    throw new ControlPlaneError('advanceClock', new Error('AWS has no virtual clock'))
  }
  let response: Response
  try {
    response = await fetch(new URL('/_muster/clock', controlUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (cause) {
    throw new ControlPlaneError('advanceClock', cause)
  }
  if (response.ok) return
  const why = response.status === 409 ? 'the server does not run with `--clock virtual`' : ''
  throw new ControlPlaneError('advanceClock', new Error(`${response.status} ${why}`))
}
