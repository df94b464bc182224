/** How hard a run pushes, for how long, and what it must keep to. */

/** One shape of load. Rates are for one shard: one k6 process, one device. */
export interface Profile {
  /** Requests a second once the ramp is over. */
  readonly requestsPerSecond: number
  readonly rampSeconds: number
  readonly holdSeconds: number
  /** Bounds on answers, milliseconds. */
  readonly p95Ms: number
  readonly p99Ms: number
  /** Share of requests that may fail, 0 to 1. */
  readonly failedMax: number
}

/** The profiles there are, by name. */
export const profiles: Readonly<Record<string, Profile>> = {
  /** Does it work at all? */
  smoke: {
    requestsPerSecond: 5,
    rampSeconds: 2,
    holdSeconds: 8,
    p95Ms: 250,
    p99Ms: 500,
    failedMax: 0,
  },
  /** A working day of a busy device, for ten minutes. */
  steady: {
    requestsPerSecond: 20,
    rampSeconds: 60,
    holdSeconds: 600,
    p95Ms: 100,
    p99Ms: 250,
    failedMax: 0.001,
  },
  /** AWS's limit of 100 messages a second and connection (gateway, section 8). */
  limit: {
    requestsPerSecond: 100,
    rampSeconds: 30,
    holdSeconds: 120,
    p95Ms: 250,
    p99Ms: 1000,
    failedMax: 0.01,
  },
}

/** @throws Error that lists the profiles when there is none of that name */
export function profileNamed(name: string): Profile {
  const profile = profiles[name]
  if (!profile) {
    throw new Error(`no profile \`${name}\`: expected ${Object.keys(profiles).join(', ')}`)
  }
  return profile
}
