/**
 * When maintenance windows open and close (jobs J101, J102).
 */
import type { MaintenanceWindow } from '@aws-sdk/client-iot'
import { nextCronMs, parseCron } from './cron.ts'

const MINUTE_MS = 60_000
/** Longest window, minutes. */
const DURATION_MINUTES_MAX = 1430

/** Windows of one job at one moment. */
export interface WindowsAt {
  /** When the open window closes; undefined when none is open. */
  readonly untilMs: number | undefined
  /** When to look again. */
  readonly nextMs: number | undefined
}

/**
 * Which window is open, given that all before `checkedMs` has been looked at.
 *
 * @param checkedMs - windows that began at or before this moment are known
 * @param untilMs - when the window that is open closes
 */
export function windowsAt(
  windows: readonly MaintenanceWindow[],
  checkedMs: number,
  untilMs: number | undefined,
  nowMs: number,
): WindowsAt {
  let open = untilMs ?? 0
  let next: number | undefined
  // A window that began longer ago than the longest one lasts is over.
  const fromMs = Math.max(checkedMs, nowMs - DURATION_MINUTES_MAX * MINUTE_MS)
  for (const { startTime = '', durationInMinutes = 0 } of windows) {
    const cron = parseCron(startTime)
    if (cron === undefined) continue
    let atMs = nextCronMs(cron, fromMs)
    while (atMs !== undefined && atMs <= nowMs) {
      open = Math.max(open, atMs + durationInMinutes * MINUTE_MS)
      atMs = nextCronMs(cron, atMs)
    }
    if (atMs !== undefined) next = Math.min(next ?? atMs, atMs)
  }
  if (open <= nowMs) return { untilMs: undefined, nextMs: next }
  return { untilMs: open, nextMs: Math.min(next ?? open, open) }
}

/** The next starts of any of the windows, in order (jobs J102). */
export function nextWindowStarts(
  windows: readonly MaintenanceWindow[],
  afterMs: number,
  count: number,
  beforeMs: number = Infinity,
): readonly number[] {
  const starts = new Set<number>()
  for (const { startTime = '' } of windows) {
    const cron = parseCron(startTime)
    if (cron === undefined) continue
    let atMs = nextCronMs(cron, afterMs)
    for (let found = 0; atMs !== undefined && found < count; found += 1) {
      starts.add(atMs)
      atMs = nextCronMs(cron, atMs)
    }
  }
  return [...starts]
    .filter((atMs) => atMs < beforeMs)
    .sort((left, right) => left - right)
    .slice(0, count)
}
