/**
 * Bounds of a job's schedule (jobs J72, J99 to J101).
 */
import type { MaintenanceWindow, SchedulingConfig } from '@aws-sdk/client-iot'
import { invalidRequest, type Refused } from '@muster/model'
import { parseCron } from './cron.ts'
import { parseScheduleTime } from './schedule-time.ts'

const MINUTE_MS = 60_000
const LEAD_MS = 30 * MINUTE_MS

/** Refuses a schedule with InvalidRequestException. */
export function checkSchedule(
  config: SchedulingConfig | undefined,
  nowMs: number,
): Refused | undefined {
  if (config === undefined) return undefined
  const { startTime, endTime, maintenanceWindows } = config
  const startMs = startTime === undefined ? undefined : parseScheduleTime(startTime)
  const endMs = endTime === undefined ? undefined : parseScheduleTime(endTime)
  if (startTime !== undefined) {
    if (startMs === undefined) return badTime('startTime', startTime)
    if (startMs < nowMs + LEAD_MS)
      return invalidRequest('startTime must be at least 30 minutes ahead')
    if (startMs > yearsAfterMs(nowMs, 1))
      return invalidRequest('startTime must be at most one year ahead')
  }
  if (endTime !== undefined) {
    if (endMs === undefined) return badTime('endTime', endTime)
    if (endMs < nowMs + LEAD_MS) return invalidRequest('endTime must be at least 30 minutes ahead')
    if (endMs > yearsAfterMs(nowMs, 2))
      return invalidRequest('endTime must be at most two years ahead')
    if (startMs !== undefined && endMs < startMs + LEAD_MS) {
      return invalidRequest('endTime must be at least 30 minutes after startTime')
    }
  }
  return checkWindows(maintenanceWindows)
}

/** Refuses a window whose start is no cron expression (jobs J101). */
export function checkWindows(
  windows: readonly MaintenanceWindow[] | undefined,
): Refused | undefined {
  for (const { startTime = '' } of windows ?? []) {
    if (parseCron(startTime) === undefined) {
      return invalidRequest(
        `maintenance window startTime \`${startTime}\` is not a cron expression of six fields`,
      )
    }
  }
  return undefined
}

function badTime(member: string, text: string): Refused {
  return invalidRequest(`${member} \`${text}\` is not YYYY-MM-DD HH:MM`)
}

/** The same date so many years later. */
function yearsAfterMs(nowMs: number, years: number): number {
  const date = new Date(nowMs)
  return date.setUTCFullYear(date.getUTCFullYear() + years)
}
