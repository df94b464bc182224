/** How hard a run pushes, for how long, and what it must keep to. */

/** A straight line to a rate. */
export interface Stage {
  readonly seconds: number
  /** Requests a second and device at the end of the stage. */
  readonly ratePerSecond: number
}

/** A shape of load for one device. */
export interface Profile {
  /** One after the other, from no request at all. */
  readonly stages: readonly Stage[]
  /** Bounds on answers, milliseconds. */
  readonly p95Ms: number
  readonly p99Ms: number
  /** Share of requests that may go otherwise than they are to, 0 to 1. */
  readonly failedMax: number
  /** Whether the first threshold that breaks ends the run. */
  readonly endsAtBreak: boolean
}

const held = (ratePerSecond: number, rampSeconds: number, seconds: number): Stage[] => [
  { seconds: rampSeconds, ratePerSecond },
  { seconds, ratePerSecond },
]

const PROFILES = {
  /** Does it work at all? */
  smoke: {
    stages: held(5, 2, 8),
    p95Ms: 250,
    p99Ms: 500,
    failedMax: 0,
    endsAtBreak: false,
  },
  /** A working day of a busy device, for six minutes and a half. */
  average: {
    stages: [...held(10, 60, 300), { seconds: 30, ratePerSecond: 0 }],
    p95Ms: 100,
    p99Ms: 250,
    failedMax: 0.001,
    endsAtBreak: false,
  },
  /** Up to AWS's limit of 100 messages a second and connection (gateway G35), a step a minute. */
  stress: {
    stages: [10, 25, 50, 75, 100].flatMap((rate) => held(rate, 10, 50)),
    p95Ms: 250,
    p99Ms: 1000,
    failedMax: 0.01,
    endsAtBreak: true,
  },
  /** Quiet, all at once, quiet again. */
  spike: {
    stages: [...held(5, 2, 28), ...held(100, 1, 29), ...held(5, 1, 29)],
    p95Ms: 500,
    p99Ms: 2000,
    failedMax: 0.01,
    endsAtBreak: false,
  },
  /** Four hours: what leaks shows. */
  soak: {
    stages: [...held(5, 60, 14_280), { seconds: 60, ratePerSecond: 0 }],
    p95Ms: 100,
    p99Ms: 250,
    failedMax: 0.001,
    endsAtBreak: false,
  },
} satisfies Record<string, Profile>

/** Names of the profiles. */
export const PROFILE_NAMES: readonly string[] = Object.keys(PROFILES)

/** How a profile is bent. */
export interface ProfileChange {
  /** Highest rate, a second and device. */
  readonly ratePerSecond?: number | undefined
  /** Length of all stages together. */
  readonly durationSeconds?: number | undefined
  /** Bounds on answers. */
  readonly p95Ms?: number | undefined
  readonly p99Ms?: number | undefined
  /** What the profile's own rates are multiplied by: for requests that cost more than most. */
  readonly weight?: number
}

/** @throws Error that lists the profiles when there is none of that name */
export function profileNamed(name: string, change: ProfileChange = {}): Profile {
  const found = Object.entries(PROFILES).find(([known]) => known === name)?.[1]
  if (!found) throw new Error(`no profile \`${name}\`: expected ${PROFILE_NAMES.join(', ')}`)
  const { ratePerSecond, durationSeconds, weight = 1 } = change
  const { p95Ms = found.p95Ms, p99Ms = found.p99Ms } = change
  const faster = ratePerSecond === undefined ? weight : ratePerSecond / peakPerSecond(found)
  const longer = durationSeconds === undefined ? 1 : durationSeconds / totalSeconds(found)
  const stages = found.stages.map((stage) => ({
    seconds: stage.seconds * longer,
    ratePerSecond: stage.ratePerSecond * faster,
  }))
  return { ...found, stages, p95Ms, p99Ms }
}

/** The highest rate of a profile. */
export function peakPerSecond({ stages }: Pick<Profile, 'stages'>): number {
  return Math.max(...stages.map(({ ratePerSecond }) => ratePerSecond))
}

/** How long all stages take. */
export function totalSeconds({ stages }: Pick<Profile, 'stages'>): number {
  return stages.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** How many requests are due by a moment: what lies below the line of rates. */
export function plannedBy({ stages }: Pick<Profile, 'stages'>, elapsedSeconds: number): number {
  let [planned, before, left] = [0, 0, Math.max(0, elapsedSeconds)]
  for (const { seconds, ratePerSecond } of stages) {
    const lasted = Math.min(left, seconds)
    const reached =
      seconds === 0 ? ratePerSecond : before + (ratePerSecond - before) * (lasted / seconds)
    planned += ((before + reached) / 2) * lasted
    before = ratePerSecond
    left -= lasted
    if (left <= 0) break
  }
  return planned
}
