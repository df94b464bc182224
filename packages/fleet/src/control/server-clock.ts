/**
 * The clock of a local server. AWS has none to offer: there the answer is wall time.
 */
import { askAdmin, type AdminTarget } from './admin-api.ts'
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
export async function serverClock(target: AdminTarget): Promise<ServerClock> {
  const wall = { nowMs: Date.now(), rate: 1, mode: 'system' }
  try {
    // Not `clock`, which asks for the admin token where there is one.
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await askAdmin(target, 'health', { signal })
    if (response?.ok !== true) return wall
    const { nowMs, rate, mode } = (await response.json()) as ServerClock
    return { nowMs, mode, rate: mode === 'virtual' || !(rate >= 1) ? 1 : rate }
  } catch {
    return wall
  }
}

/**
 * Makes sure that a server's clock can be moved.
 *
 * @param who - what needs it, for the message
 * @throws Error when it cannot, saying how it could; ControlPlaneError when the server gives no answer
 */
export async function requireVirtualClock(target: AdminTarget, who: string): Promise<void> {
  let why: string | undefined
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await askAdmin(target, 'clock', { signal })
    if (response === undefined) why = 'AWS has no virtual clock'
    else if (!response.ok) why = refusals[response.status] ?? `no clock there (${response.status})`
    else if (((await response.json()) as ServerClock).mode !== 'virtual') why = refusals[409]
  } catch (cause) {
    throw new ControlPlaneError('asking for the clock', cause)
  }
  if (why !== undefined) throw new Error(`${who}: ${why}`)
}

/**
 * Moves a virtual clock.
 *
 * @param timeoutMs - how long the server may work on it
 * @throws ControlPlaneError when the server has no virtual clock or does not answer
 */
export async function advanceServerClock(
  target: AdminTarget,
  advanceSeconds: number,
  timeoutMs = 300_000,
): Promise<void> {
  let response: Response | undefined
  try {
    response = await askAdmin(target, 'clock', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (cause) {
    throw new ControlPlaneError('advanceClock', cause)
  }
  if (response?.ok === true) return
  const why =
    response === undefined
      ? 'AWS has no virtual clock'
      : `${response.status} ${refusals[response.status] ?? ''}`
  throw new ControlPlaneError('advanceClock', new Error(why))
}

const refusals: Readonly<Record<number, string>> = {
  401: 'the server asks for its admin token: give `--admin-token`',
  409: 'the server does not run with `--clock virtual`',
  404: 'no clock there: the server moves it on its HTTP port',
}
