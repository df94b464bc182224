/**
 * Scheduling times: `YYYY-MM-DDThh:mm` in UTC (jobs J99).
 */

/** @returns epoch milliseconds, or undefined for any other text or an impossible date */
export function parseScheduleTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number)
  const ms = Date.UTC(year, month - 1, day, hour, minute)
  return formatScheduleTime(ms) === text ? ms : undefined
}

/** A moment as scheduling writes it. */
export function formatScheduleTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16)
}
