/**
 * Bounds of a job's schedule (jobs J72, J99 to J101, J128).
 */
import type { MaintenanceWindow, SchedulingConfig } from '@aws-sdk/client-iot'
import { invalidRequest, type Refused } from '@muster/model'
import { parseCron } from './cron.ts'
import { parseScheduleTime } from './schedule-time.ts'

const MINUTE_MS = 60_000
const LEAD_MS = 30 * MINUTE_MS

/**
 * Refuses a schedule with InvalidRequestException.
 *
 * @param isContinuous - whether the job is CONTINUOUS
 */
export function checkSchedule(
  config: SchedulingConfig | undefined,
  isContinuous: boolean,
  nowMs: number,
): Refused | undefined {
  if (config === undefined) return undefined
  const { startTime, endTime, maintenanceWindows } = config
  for (const time of [startTime, endTime]) {
    if (time !== undefined && parseScheduleTime(time) === undefined) return badTime(time)
  }
  return (
    checkTimes(startTime, endTime, nowMs) ??
    checkWindows(maintenanceWindows) ??
    checkWindowed(config, isContinuous)
  )
}

/** Refuses a window whose start is no cron expression (jobs J101). */
export function checkWindows(windows: readonly MaintenanceWindow[] = []): Refused | undefined {
  const bad = windows.find(({ startTime = '' }) => parseCron(startTime) === undefined)
  if (bad === undefined) return undefined
  return invalidRequest(
    `maintenance window startTime \`${bad.startTime ?? ''}\` is not a cron expression of six fields`,
  )
}

function checkTimes(
  startTime: string | undefined,
  endTime: string | undefined,
  nowMs: number,
): Refused | undefined {
  const startMs = startTime === undefined ? undefined : parseScheduleTime(startTime)
  const endMs = endTime === undefined ? undefined : parseScheduleTime(endTime)
  const problem =
    (startMs !== undefined && startMs < nowMs + LEAD_MS && 'startTime must be 30 minutes ahead') ||
    (startMs !== undefined &&
      startMs > yearsAfterMs(nowMs, 1) &&
      'startTime must be at most one year ahead') ||
    (endMs !== undefined && endMs < nowMs + LEAD_MS && 'endTime must be 30 minutes ahead') ||
    (endMs !== undefined &&
      endMs > yearsAfterMs(nowMs, 2) &&
      'endTime must be at most two years ahead') ||
    (startMs !== undefined &&
      endMs !== undefined &&
      endMs < startMs + LEAD_MS &&
      'endTime must be at least 30 minutes after startTime')
  return problem === false ? undefined : invalidRequest(problem)
}

/** jobs J128. */
function checkWindowed(
  { startTime, maintenanceWindows = [] }: SchedulingConfig,
  isContinuous: boolean,
): Refused | undefined {
  if (maintenanceWindows.length === 0) return undefined
  if (!isContinuous) {
    return invalidRequest(
      'TargetSelection is invalid. MaintenanceWindow cannot be used with SNAPSHOT job.',
    )
  }
  if (startTime !== undefined) return undefined
  return invalidRequest('MaintenanceWindow cannot be used without StartTime of SchedulingConfig.')
}

/** jobs J99. */
function badTime(time: string): Refused {
  return invalidRequest(
    `1 validation error detected: Provided time ${time} UTC must follow the format YYYY-MM-DDThh:mm.`,
  )
}

/** The same date so many years later. */
function yearsAfterMs(nowMs: number, years: number): number {
  const date = new Date(nowMs)
  return date.setUTCFullYear(date.getUTCFullYear() + years)
}
