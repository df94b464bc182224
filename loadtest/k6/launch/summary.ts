/** What remains of a run: the figures of all its processes together. */
import { METRICS } from '../scripts/parts/metric-names.ts'
import type { Percentiles, Samples } from './samples.ts'

/** How one process of k6, which is one device, ended. */
export interface ShardEnd {
  readonly thingName: string
  /** Exit status; null when a signal ended it. */
  readonly code: number | null
  /** Whether all its samples were there. */
  readonly isWhole: boolean
}

/** The last line of stdout with `--json`. */
export interface K6Summary {
  /** Every threshold held in every process, and something was answered. */
  readonly ok: boolean
  readonly script: string
  /** Undefined for a script of the user's own, which may have none. */
  readonly profile?: string
  readonly k6: string
  /** Processes, each with a certificate of its own. */
  readonly devices: number
  /** From the first request of all devices to the last answer. */
  readonly seconds: number
  /** What was due: sent or not. */
  readonly offered: number
  readonly sent: number
  readonly answered: number
  readonly answeredPerSecond: number
  readonly allowed: number
  readonly deniedExpected: number
  readonly deniedUnexpected: number
  readonly allowedUnexpected: number
  readonly throttled: number
  readonly errors: number
  readonly timeouts: number
  /** Due and not sent: by the scripts' own pace, or as k6's `dropped_iterations`. */
  readonly notOffered: number
  readonly lifecycles: number
  readonly delivered: number
  /** Of every sample of every device, not of any one device. */
  readonly latencyMs?: Percentiles
  readonly lifecycleMs?: Percentiles
  readonly deliveryMs?: Percentiles
  /** Devices whose k6 found a threshold broken. */
  readonly broken: readonly string[]
  /** Devices whose k6 did not come to its end, and how it ended. */
  readonly failed: readonly string[]
  /** Whether a signal ended the run early. */
  readonly interrupted: boolean
}

/** Exit statuses of a k6 that found a threshold broken, and of one that was asked to end. */
const [BROKEN, ASKED_TO_END] = [99, 105]

/** Adds up. */
export function summarize(run: {
  readonly script: string
  readonly isReady: boolean
  readonly profile: string
  readonly k6: string
  readonly samples: Samples
  readonly ends: readonly ShardEnd[]
  readonly interrupted: boolean
}): K6Summary {
  const { samples, ends, isReady } = run
  const sum = (name: keyof typeof METRICS): number => samples.sum(METRICS[name])
  const asMeant = sum('allowed') + sum('deniedExpected')
  const answered = asMeant + sum('deniedUnexpected') + sum('allowedUnexpected') + sum('throttled')
  const broken = ends.filter(({ code }) => code === BROKEN)
  const fine = run.interrupted ? [0, BROKEN, ASKED_TO_END] : [0, BROKEN]
  const failed = ends.filter(({ code, isWhole }) => !isWhole || !fine.includes(code ?? NaN))
  const latency = {
    latencyMs: samples.percentiles(METRICS.answerMs),
    lifecycleMs: samples.percentiles(METRICS.lifecycleMs),
    deliveryMs: samples.percentiles(METRICS.deliveryMs),
  }
  return {
    ok:
      ends.length > 0 &&
      broken.length === 0 &&
      failed.length === 0 &&
      !run.interrupted &&
      (answered > 0 || !isReady),
    script: run.script,
    ...(isReady && { profile: run.profile }),
    k6: run.k6,
    devices: ends.length,
    seconds: samples.seconds,
    offered: sum('sent') + samples.notOffered,
    sent: sum('sent'),
    answered,
    answeredPerSecond: samples.seconds > 0 ? answered / samples.seconds : 0,
    allowed: sum('allowed'),
    deniedExpected: sum('deniedExpected'),
    deniedUnexpected: sum('deniedUnexpected'),
    allowedUnexpected: sum('allowedUnexpected'),
    throttled: sum('throttled'),
    errors: sum('errors'),
    timeouts: sum('timeouts'),
    notOffered: samples.notOffered,
    lifecycles: sum('lifecycles'),
    delivered: sum('delivered'),
    ...withoutEmpty(latency),
    broken: broken.map(({ thingName }) => thingName),
    failed: failed.map(
      ({ thingName, code, isWhole }) =>
        `${thingName}: ${code === null ? 'a signal' : `status ${code}`}${isWhole ? '' : ', samples cut off'}`,
    ),
    interrupted: run.interrupted,
  }
}

function withoutEmpty<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const there = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(there) as { [K in keyof T]?: NonNullable<T[K]> }
}

/** A summary for people. */
export function k6SummaryText(summary: K6Summary): string {
  const { devices, seconds, offered, sent, notOffered, answered, answeredPerSecond } = summary
  const went = [
    `${summary.allowed} allowed`,
    `${summary.deniedExpected} denied as meant`,
    `${summary.deniedUnexpected} denied unexpectedly`,
    `${summary.allowedUnexpected} allowed unexpectedly`,
    `${summary.throttled} throttled`,
    `${summary.errors} errors`,
    `${summary.timeouts} timeouts`,
  ]
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['script', [summary.script, summary.profile].filter(Boolean).join(', ')],
    ['devices', `${devices}, one process of k6 ${summary.k6} and one certificate each`],
    ['offered', `${offered}: ${sent} sent, ${notOffered} not`],
    [
      'answered',
      `${answered} in ${seconds.toFixed(1)} s, ${answeredPerSecond.toFixed(1)} a second`,
    ],
    ['outcomes', went.join(', ')],
    ['lifecycles', summary.lifecycles === 0 ? undefined : String(summary.lifecycles)],
    ['latency', milliseconds(summary.latencyMs)],
    ['lifecycle', milliseconds(summary.lifecycleMs)],
    ['delivery', milliseconds(summary.deliveryMs)],
    ['thresholds', broken(summary)],
    ['not finished', summary.failed.join('; ') || undefined],
  ]
  return facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(13)} ${value}\n`)
    .join('')
}

function milliseconds(percentiles: Percentiles | undefined): string | undefined {
  if (percentiles === undefined) return undefined
  const { p50, p95, p99, max } = percentiles
  const [half, most, nearly, all] = [p50, p95, p99, max].map((value) => value.toFixed(1))
  return `p50 ${half} ms, p95 ${most} ms, p99 ${nearly} ms, max ${all} ms, of every device's samples`
}

function broken({ broken, devices }: K6Summary): string {
  if (broken.length === 0) return 'held'
  const named = broken.slice(0, 5).join(', ')
  return `broken in ${broken.length} of ${devices}: ${named}${broken.length > 5 ? ', …' : ''}`
}
