/** Spans of time in words. */

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

const steps = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const

/** `3 minutes ago`, `in 2 hours`, `now` within a second; `fromNowMs` is negative for the past. */
export function relativeTime(fromNowMs: number): string {
  const step = steps.find(({ ms }) => Math.abs(fromNowMs) >= ms)
  return step ? relative.format(Math.trunc(fromNowMs / step.ms), step.unit) : 'now'
}

/** `850 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
