/**
 * AWS cron expressions of six fields in UTC: `cron(M H D Mo W Y)` (jobs J101).
 *
 * Supported are `*`, `?`, lists, ranges, steps, names of months and weekdays, `L` and `W` in
 * the day of the month, `L` and `#` in the day of the week (1 is Sunday).
 */

/** A parsed expression. */
export interface Cron {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly years: ReadonlySet<number>
  /** Whether a day of a month fires; `month` counts from 1. */
  readonly firesOn: (year: number, month: number, day: number) => boolean
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const YEAR_MIN = 1970
const YEAR_MAX = 2199
const MINUTE_MS = 60_000

/**
 * Parses an expression.
 *
 * @param text - `cron(0 3 * * ? *)`
 * @returns undefined when it is malformed, or when neither or both of the day fields are `?`
 */
export function parseCron(text: string): Cron | undefined {
  const inner = /^cron\(\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*\)$/.exec(text)
  if (inner === null) return undefined
  const [, minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = inner
  const minutes = parseSet(minute, 0, 59)
  const hours = parseSet(hour, 0, 23)
  const months = parseSet(named(month, MONTHS, 1), 1, 12)
  const years = parseSet(year, YEAR_MIN, YEAR_MAX)
  const byDay = day === '?' ? undefined : parseDays(day)
  const byWeekday = weekday === '?' ? undefined : parseWeekdays(named(weekday, WEEKDAYS, 1))
  if (minutes === undefined || hours === undefined) return undefined
  if (months === undefined || years === undefined) return undefined
  if ((day === '?') === (weekday === '?')) return undefined
  const firesOn = byDay ?? byWeekday
  if (firesOn === undefined) return undefined
  return { minutes, hours, months, years, firesOn }
}

/**
 * The first firing strictly after a moment.
 *
 * @returns epoch milliseconds, or undefined when it never fires again
 */
export function nextCronMs(cron: Cron, afterMs: number): number | undefined {
  const startMs = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  const start = new Date(startMs)
  for (let year = start.getUTCFullYear(); year <= YEAR_MAX; year += 1) {
    if (!cron.years.has(year)) continue
    const firstMonth = year === start.getUTCFullYear() ? start.getUTCMonth() + 1 : 1
    for (let month = firstMonth; month <= 12; month += 1) {
      if (!cron.months.has(month)) continue
      const found = firstInMonth(cron, year, month, startMs)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function firstInMonth(
  cron: Cron,
  year: number,
  month: number,
  startMs: number,
): number | undefined {
  for (let day = 1; day <= daysIn(year, month); day += 1) {
    if (Date.UTC(year, month - 1, day + 1) <= startMs) continue
    if (!cron.firesOn(year, month, day)) continue
    for (let hour = 0; hour < 24; hour += 1) {
      if (!cron.hours.has(hour)) continue
      for (let minute = 0; minute < 60; minute += 1) {
        if (!cron.minutes.has(minute)) continue
        const atMs = Date.UTC(year, month - 1, day, hour, minute)
        if (atMs >= startMs) return atMs
      }
    }
  }
  return undefined
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** 1 is Sunday, as AWS counts. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1
}

function named(field: string, names: readonly string[], first: number): string {
  return field.replace(/[A-Za-z]{3}/g, (name) => {
    const index = names.indexOf(name.toUpperCase())
    return index < 0 ? name : String(index + first)
  })
}

function parseSet(field: string, min: number, max: number): ReadonlySet<number> | undefined {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part)
    if (match === null) return undefined
    const [, from = '', to, by] = match
    if (from === '*' && to !== undefined) return undefined
    const first = from === '*' ? min : Number(from)
    const last = from === '*' || (by !== undefined && to === undefined) ? max : Number(to ?? from)
    const step = by === undefined ? 1 : Number(by)
    if (first < min || last > max || first > last || step < 1) return undefined
    for (let value = first; value <= last; value += step) values.add(value)
  }
  return values
}

function parseDays(field: string): Cron['firesOn'] | undefined {
  if (field === 'L') return (year, month, day) => day === daysIn(year, month)
  const nearest = /^(\d{1,2})W$/.exec(field)?.[1]
  if (nearest !== undefined) {
    const wanted = Number(nearest)
    if (wanted < 1 || wanted > 31) return undefined
    return (year, month, day) => day === nearestWorkday(year, month, wanted)
  }
  const days = parseSet(field, 1, 31)
  return days && ((_year, _month, day) => days.has(day))
}

/** The workday nearest to a day without leaving its month; 0 when the month lacks that day. */
function nearestWorkday(year: number, month: number, wanted: number): number {
  const last = daysIn(year, month)
  if (wanted > last) return 0
  const weekday = weekdayOf(year, month, wanted)
  if (weekday === 7) return wanted === 1 ? 3 : wanted - 1
  if (weekday === 1) return wanted === last ? wanted - 2 : wanted + 1
  return wanted
}

function parseWeekdays(field: string): Cron['firesOn'] | undefined {
  if (field === 'L') return (year, month, day) => weekdayOf(year, month, day) === 7
  const last = /^([1-7])L$/.exec(field)?.[1]
  if (last !== undefined) {
    return (year, month, day) =>
      weekdayOf(year, month, day) === Number(last) && day + 7 > daysIn(year, month)
  }
  const nth = /^([1-7])#([1-5])$/.exec(field)
  if (nth !== null) {
    const [, weekday, which] = nth
    return (year, month, day) =>
      weekdayOf(year, month, day) === Number(weekday) && Math.ceil(day / 7) === Number(which)
  }
  const weekdays = parseSet(field, 1, 7)
  return weekdays && ((year, month, day) => weekdays.has(weekdayOf(year, month, day)))
}
