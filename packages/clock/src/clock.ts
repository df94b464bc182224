/**
 * Time as a port (design: rules take the time; only the outermost shell reads a clock).
 */

/** How a clock runs. */
export type ClockMode = 'system' | 'accelerated' | 'virtual'

/** Stops an alarm that has not fired; calling it again does nothing. */
export type CancelAlarm = () => void

/** A source of epoch milliseconds with alarms. */
export interface Clock {
  readonly mode: ClockMode
  /** Clock seconds per wall second: 1 for system, n for `xN`, 0 for virtual. */
  readonly rate: number
  /** Epoch milliseconds, integer, never decreasing except by a reset of a virtual clock. */
  nowMs(): number
  /**
   * Calls `fire` once at or after `atMs` (epoch ms on this clock); a past time fires soon, and so does
   * one that a jump of the clock made past.
   */
  setAlarm(atMs: number, fire: () => void): CancelAlarm
}
