/**
 * A run from beginning to end: onboard, connect, roll a job out, report.
 */
import { lookup } from 'node:dns/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { IoTClient, IoTClientConfig } from '@aws-sdk/client-iot'
import { controlPlane } from './control/control-plane.ts'
import { onboard, type OnboardedFleet } from './control/onboarding.ts'
import { createJob, jobProgress, type JobProgress } from './control/rollout.ts'
import type { Endpoints } from './endpoints.ts'
import { planFleet, type DevicePlan } from './scenario/device-plan.ts'
import type { Scenario } from './scenario/scenario.ts'
import { sourceAddresses } from './source-addresses.ts'
import type { Progress, Summary } from './summary.ts'
import { WorkerPool } from './worker/worker-pool.ts'

/** What to run, and where. */
export interface SimulateOptions {
  readonly scenario: Scenario
  readonly endpoints: Endpoints
  /** Default `us-east-1`. */
  readonly region?: string
  /** Default: the SDK's chain. */
  readonly credentials?: NonNullable<IoTClientConfig['credentials']>
  /** Default: the scenario's, else 100. */
  readonly devices?: number
  /** Default: the scenario's, else 1. */
  readonly seed?: number
  /** Things are named `PREFIX-00017`; default: the scenario's name. */
  readonly prefix?: string
  /** Where keys and certificates are kept; default `.muster/devices`. */
  readonly identityFolder?: string
  /** Worker processes; default one for every 5,000 devices. */
  readonly processes?: number
  /** Device clock seconds per wall second: that of the server; default 1. */
  readonly clockRate?: number
  /** Gives up waiting for connections after so long without a new one; default 30. */
  readonly stallSeconds?: number
  /** Gives up on a rollout that has not changed for so long; default 300. */
  readonly rolloutStallSeconds?: number
  /** Stays connected after the summary until aborted. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** For people: notes and warnings, a line each. */
  readonly log?: (line: string) => void
  /** How often `onProgress` is called; default 500. */
  readonly progressEveryMs?: number
}

const DEVICES_PER_PROCESS = 5000

/**
 * Runs a scenario.
 *
 * @returns the summary, also when devices failed: see its `ok`
 * @throws ControlPlaneError when the control plane is down, refuses or stalls; Error when a worker
 *   process dies or nothing can connect
 */
export async function simulate(options: SimulateOptions): Promise<Summary> {
  const run = new Run(options)
  try {
    return await run.execute()
  } finally {
    run.close()
  }
}

class Run {
  readonly #options: SimulateOptions
  readonly #scenario: Scenario
  readonly #devices: number
  readonly #seed: number
  readonly #prefix: string
  readonly #client: IoTClient
  readonly #pool = new WorkerPool()
  readonly #beganAtMs = Date.now()
  #phase: Progress['phase'] = 'onboarding'
  #onboarded = 0
  #job: JobProgress | undefined
  #lagMs = 0
  #rssBytes = 0
  #ticker: NodeJS.Timeout

  constructor(options: SimulateOptions) {
    this.#options = options
    this.#scenario = options.scenario
    this.#devices = options.devices ?? options.scenario.devices ?? 100
    this.#seed = options.seed ?? options.scenario.seed ?? 1
    this.#prefix = options.prefix ?? options.scenario.name
    const { endpoints, region = 'us-east-1', credentials } = options
    this.#client = controlPlane({
      endpoints,
      region,
      ...(credentials === undefined ? {} : { credentials }),
    })
    this.#ticker = setInterval(() => this.#tick(), options.progressEveryMs ?? 500)
  }

  async execute(): Promise<Summary> {
    const { signal } = this.#options
    const plans = planFleet(this.#scenario, this.#devices, this.#seed, this.#prefix)
    const fleet = await this.#onboard(plans)
    signal?.throwIfAborted()
    const processes =
      this.#options.processes ?? Math.max(1, Math.ceil(this.#devices / DEVICES_PER_PROCESS))
    await this.#startWorkers(plans, fleet, processes)
    const connectSeconds = await this.#connect()
    const { jobId, rolloutSeconds } = await this.#rollOut(fleet)
    const summary = this.#summary(connectSeconds, rolloutSeconds, processes, jobId)
    this.#phase = 'draining'
    await this.#pool.drain(0)
    this.#phase = 'done'
    this.#tick()
    return summary
  }

  close(): void {
    clearInterval(this.#ticker)
    this.#pool.close()
    this.#client.destroy()
  }

  async #onboard(plans: readonly DevicePlan[]): Promise<OnboardedFleet> {
    const { identityFolder = '.muster/devices', signal } = this.#options
    return await onboard({
      client: this.#client,
      policyName: `${this.#prefix}-device`,
      folder: identityFolder,
      devices: plans.map(({ thingName, group }) => ({
        thingName,
        attributes: group.attributes ?? {},
        thingGroups: [this.#prefix],
        ...(group.thingType === undefined ? {} : { thingType: group.thingType }),
      })),
      onProgress: (done) => (this.#onboarded = done),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  async #startWorkers(
    plans: readonly DevicePlan[],
    fleet: OnboardedFleet,
    processes: number,
  ): Promise<void> {
    const { endpoints, clockRate = 1, log } = this.#options
    const { address } = await lookup(endpoints.dataHost, { family: 4 }).catch(() =>
      lookup(endpoints.dataHost),
    )
    const sources = await sourceAddresses(address, processes, this.#devices)
    if (sources.note !== undefined) log?.(sources.note)
    await this.#pool.start(
      Array.from({ length: processes }, (_, worker) => ({
        scenario: this.#scenario,
        devices: this.#devices,
        seed: this.#seed,
        prefix: this.#prefix,
        indexes: plans.map(({ index }) => index).filter((index) => index % processes === worker),
        endpoint: {
          host: address,
          serverName: endpoints.dataHost,
          ...(endpoints.mqttPort === undefined ? {} : { mqttPort: endpoints.mqttPort }),
          ...(endpoints.httpsPort === undefined ? {} : { httpsPort: endpoints.httpsPort }),
          ...(endpoints.caPem === undefined ? {} : { caPem: endpoints.caPem }),
        },
        identityFolder: fleet.identities.path,
        clockRate,
        sourceAddresses: sources.byWorker[worker] ?? [],
      })),
    )
  }

  /** @returns seconds until all were connected, or until no more came */
  async #connect(): Promise<number> {
    this.#phase = 'connecting'
    const { stallSeconds = 30, signal } = this.#options
    const rampSeconds = this.#scenario.rampSeconds ?? 0
    const beganAtMs = Date.now()
    this.#pool.connect(rampSeconds)
    let best = 0
    let bestAtMs = beganAtMs
    while (true) {
      signal?.throwIfAborted()
      this.#pool.check()
      const { everConnected } = this.#pool.counts()
      if (everConnected > best) {
        best = everConnected
        bestAtMs = Date.now()
      }
      if (everConnected >= this.#devices) break
      if (Date.now() - Math.max(bestAtMs, beganAtMs + rampSeconds * 1000) > stallSeconds * 1000)
        break
      await wait(50)
    }
    if (best === 0) {
      const errors = Object.entries(this.#pool.counts().errors).sort((a, b) => b[1] - a[1])
      const denied = Object.keys(this.#pool.counts().denied)
      const why = errors[0]?.[0] ?? (denied.length > 0 ? 'connections refused' : 'no answer')
      throw new Error(`no device could connect in ${stallSeconds} s: ${why}`)
    }
    return (bestAtMs - beganAtMs) / 1000
  }

  async #rollOut(fleet: OnboardedFleet): Promise<{ jobId?: string; rolloutSeconds: number }> {
    const { job } = this.#scenario
    if (job === undefined) return { rolloutSeconds: 0 }
    this.#phase = 'rollout'
    const { signal, rolloutStallSeconds = 300 } = this.#options
    const jobId = `${this.#prefix}-${Date.now().toString(36)}`
    const targets = [fleet.groupArns.get(this.#prefix) ?? '']
    const beganAtMs = Date.now()
    await createJob(this.#client, jobId, targets, job)
    let changedAtMs = beganAtMs
    let seen = ''
    while (true) {
      signal?.throwIfAborted()
      this.#pool.check()
      this.#job = await jobProgress(this.#client, jobId)
      const now = JSON.stringify(this.#job)
      if (now !== seen) changedAtMs = Date.now()
      seen = now
      if (this.#job.status === 'COMPLETED' || this.#job.status === 'CANCELED') break
      if (Date.now() - changedAtMs > rolloutStallSeconds * 1000) break
      await wait(250)
    }
    return { jobId, rolloutSeconds: (Date.now() - beganAtMs) / 1000 }
  }

  #summary(
    connectSeconds: number,
    rolloutSeconds: number,
    processes: number,
    jobId: string | undefined,
  ): Summary {
    const counts = this.#pool.counts()
    const job = this.#job
    const denied = Object.values(counts.denied).reduce((sum, count) => sum + count, 0)
    const failures: string[] = []
    if (counts.everConnected < this.#devices) {
      failures.push(`${this.#devices - counts.everConnected} devices never connected`)
    }
    if (denied > 0) failures.push(`${denied} unexpected denials`)
    if (job !== undefined && job.status !== 'COMPLETED') failures.push(`the job is ${job.status}`)
    const percentile = (share: number): number | null =>
      counts.notifyToSuccess.percentile(share) ?? null
    return {
      scenario: this.#scenario.name,
      seed: this.#seed,
      devices: this.#devices,
      connected: counts.everConnected,
      succeeded: job?.succeeded ?? 0,
      failed: job?.failed ?? 0,
      rejected: job?.rejected ?? 0,
      timedOut: job?.timedOut ?? 0,
      canceled: job?.canceled ?? 0,
      removed: job?.removed ?? 0,
      denied,
      deniedByReason: counts.denied,
      connectSeconds: round(connectSeconds),
      connectRate: round(counts.everConnected / Math.max(0.001, connectSeconds)),
      rolloutSeconds: round(rolloutSeconds),
      ...(jobId === undefined ? {} : { jobId }),
      ...(job === undefined ? {} : { jobStatus: job.status }),
      notifyToSuccessMs: {
        p50: percentile(0.5),
        p95: percentile(0.95),
        p99: percentile(0.99),
        count: counts.notifyToSuccess.count,
      },
      generator: {
        processes,
        cpuSeconds: round(counts.cpuSeconds),
        rssBytes: this.#rssBytes,
        rssBytesPerDevice: Math.round(this.#rssBytes / this.#devices),
        eventLoopLagMsMax: Math.round(this.#lagMs),
      },
      errors: counts.errors,
      ok: failures.length === 0,
      failures,
    }
  }

  #tick(): void {
    const counts = this.#pool.counts()
    this.#lagMs = Math.max(this.#lagMs, counts.eventLoopLagMs)
    this.#rssBytes = Math.max(this.#rssBytes, counts.rssBytes)
    this.#options.onProgress?.({
      phase: this.#phase,
      devices: this.#devices,
      onboarded: this.#onboarded,
      elapsedSeconds: (Date.now() - this.#beganAtMs) / 1000,
      counts,
      ...(this.#job === undefined ? {} : { job: this.#job }),
    })
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
