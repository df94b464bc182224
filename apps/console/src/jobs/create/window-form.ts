/** Maintenance windows: as people say when they open, as AWS writes it, and when that is. */
import type { MaintenanceWindow } from '@aws-sdk/client-iot'
import type { PlanWindow } from '../rollout-plan.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Longest window (jobs J101). */
const durationMinutesMax = 1430
/** Days ahead in which windows are looked for. */
const daysMax = 366

/** One window, as typed; times are UTC. */
export interface WindowForm {
  readonly repeat: 'daily' | 'weekly' | 'monthly' | 'cron'
  /** `hh:mm`. */
  readonly at: string
  /** 1 is Sunday, as AWS counts; for weekly windows. */
  readonly weekday: string
  /** For monthly windows. */
  readonly dayOfMonth: string
  /** `cron(0 3 * * ? *)`, for those that the others do not say. */
  readonly cron: string
  readonly durationMinutes: string
}

/** Names of weekdays, Sunday first. */
export const weekdays: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
]

/** A window to begin with. */
export const nightly: WindowForm = {
  repeat: 'daily',
  at: '03:00',
  weekday: '1',
  dayOfMonth: '1',
  cron: 'cron(0 3 * * ? *)',
  durationMinutes: '120',
}

/** What is wrong with a window, undefined when nothing is (jobs J101). */
export function windowFault(window: WindowForm): string | undefined {
  const duration = Number(window.durationMinutes)
  if (!(Number.isInteger(duration) && duration >= 1 && duration <= durationMinutesMax)) {
    return `A window lasts from 1 to ${durationMinutesMax} minutes.`
  }
  if (window.repeat === 'cron') {
    return /^cron\((\S+ ){5}\S+\)$/.test(window.cron)
      ? undefined
      : 'A cron expression of six fields: cron(0 3 * * ? *).'
  }
  if (timeOf(window.at) === undefined) return 'A time of day in UTC: 03:00.'
  const day = Number(window.dayOfMonth)
  if (window.repeat === 'monthly' && !(Number.isInteger(day) && day >= 1 && day <= 31)) {
    return 'A day of the month from 1 to 31.'
  }
  return undefined
}

/** A window as CreateJob takes it; it must be without fault. */
export function windowRequest(window: WindowForm): MaintenanceWindow {
  return { startTime: cronOf(window), durationInMinutes: Number(window.durationMinutes) }
}

/** A window as typed, from what AWS keeps. */
export function windowOf({ startTime = '', durationInMinutes = 0 }: MaintenanceWindow): WindowForm {
  const durationMinutes = String(durationInMinutes)
  const base = { ...nightly, cron: startTime, durationMinutes }
  const [, minute = '', hour = '', day = '', month, weekday = '', year] =
    /^cron\((\d+) (\d+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(startTime) ?? []
  if (month !== '*' || year !== '*') return { ...base, repeat: 'cron' }
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (day === '*' && weekday === '?') return { ...base, repeat: 'daily', at }
  if (/^\d+$/.test(day)) return { ...base, repeat: 'monthly', at, dayOfMonth: day }
  if (/^[1-7]$/.test(weekday)) return { ...base, repeat: 'weekly', at, weekday }
  return { ...base, repeat: 'cron' }
}

/** `every day at 03:00 UTC for 120 minutes`. */
export function windowInWords(window: WindowForm): string {
  const length = `for ${window.durationMinutes} minutes`
  if (window.repeat === 'cron') return `${window.cron} ${length}`
  const days = {
    daily: 'every day',
    weekly: `every ${weekdays[Number(window.weekday) - 1]}`,
    monthly: `on day ${window.dayOfMonth} of every month`,
  }[window.repeat]
  return `${days} at ${window.at} UTC ${length}`
}

/**
 * When windows are open, from a moment on for a year, oldest first.
 *
 * @returns undefined where a cron expression says it, which only the server reads
 */
export function windowSpans(
  windows: readonly WindowForm[],
  fromMs: number,
): readonly PlanWindow[] | undefined {
  if (windows.some(({ repeat }) => repeat === 'cron')) return undefined
  const firstDayMs = Math.floor(fromMs / dayMs) * dayMs - dayMs
  const spans: PlanWindow[] = []
  for (let day = 0; day < daysMax; day += 1) {
    const midnightMs = firstDayMs + day * dayMs
    for (const window of windows) {
      if (!opensOn(window, new Date(midnightMs))) continue
      const openMs = midnightMs + (timeOf(window.at) ?? 0)
      const untilMs = openMs + Number(window.durationMinutes) * minuteMs
      if (untilMs > fromMs) spans.push({ fromMs: openMs, untilMs })
    }
  }
  return spans.toSorted((a, b) => a.fromMs - b.fromMs)
}

function cronOf(window: WindowForm): string {
  if (window.repeat === 'cron') return window.cron
  const [hour, minute] = window.at.split(':').map(Number)
  const days = {
    daily: '* * ?',
    weekly: `? * ${window.weekday}`,
    monthly: `${Number(window.dayOfMonth)} * ?`,
  }[window.repeat]
  return `cron(${minute} ${hour} ${days} *)`
}

function opensOn({ repeat, weekday, dayOfMonth }: WindowForm, date: Date): boolean {
  if (repeat === 'weekly') return date.getUTCDay() + 1 === Number(weekday)
  if (repeat === 'monthly') return date.getUTCDate() === Number(dayOfMonth)
  return true
}

/** Milliseconds since midnight. */
function timeOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? []
  if (Number(hour) > 23 || Number(minute) > 59 || hour === undefined) return undefined
  return (Number(hour) * 60 + Number(minute)) * minuteMs
}
