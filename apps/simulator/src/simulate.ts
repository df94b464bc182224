/**
 * A run from beginning to end: onboard, carry the phases out, report.
 */
import { lookup } from 'node:dns/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { IoTClientConfig } from '@aws-sdk/client-iot'
import type { DeviceEndpoint } from '@muster/device'
import { controlPlane } from './control/control-plane.ts'
import { onboard, type OnboardedFleet } from './control/onboarding.ts'
import { registrations } from './control/registrations.ts'
import { serverClock } from './control/server-clock.ts'
import { serverUsage } from './control/server-usage.ts'
import type { Endpoints } from './endpoints.ts'
import { carryOut } from './phases/carry-out.ts'
import { Recorder, type Sample } from './report/recorder.ts'
import { planRun, type RunPlan, type Shard } from './run-plan.ts'
import { RunRecord } from './run-record.ts'
import type { Scenario } from './scenario/scenario.ts'
import type { Stage } from './stage.ts'
import { summarize } from './summarize.ts'
import type { Progress, Summary } from './summary.ts'
import { startWorkers } from './worker/start-workers.ts'
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
  /**
   * Devices are those with a certificate in this folder (`THING.pem`, or a key and a certificate
   * beside each other), which the account must know already; none is made.
   */
  readonly certificateFolder?: string
  /** This host's part of the fleet; default all of it. Shards need the same `runId`. */
  readonly shard?: Shard
  /** Tells runs apart in job IDs; default from the time. */
  readonly runId?: string
  /** Worker processes; default one for every 10,000 devices. */
  readonly processes?: number
  /** Device clock seconds per wall second; default that of the server. */
  readonly clockRate?: number
  /** Gives up waiting for connections after so long without a new one; default 30. */
  readonly stallSeconds?: number
  /** Ends the run early: it throws the signal's reason. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Given the run's history at its end: for the HTML page. */
  readonly onHistory?: (samples: readonly Sample[]) => void
  /** For people: notes and warnings, a line each. */
  readonly log?: (line: string) => void
  /** How often `onProgress` is called; default 500. */
  readonly progressEveryMs?: number
}

/** How long devices may take to hear what the service has already counted. */
const SETTLE_MS = 2000
/** An interrupted run may take so long to disconnect. */
const LEAVE_MS = 5000
/** Draining is given so long, and so much more for each device. */
const DRAIN_MS = 10_000
const DRAIN_MS_PER_DEVICE = 4

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
  } catch (cause) {
    if (options.signal?.aborted === true) await run.leave()
    throw cause
  } finally {
    run.close()
  }
}

class Run {
  readonly #options: SimulateOptions
  readonly #plan: RunPlan
  readonly #client: ReturnType<typeof controlPlane>
  readonly #pool = new WorkerPool()
  readonly #record = new RunRecord()
  readonly #recorder = new Recorder()
  readonly #ticker: NodeJS.Timeout

  constructor(options: SimulateOptions) {
    this.#options = options
    this.#plan = planRun(options)
    const { endpoints, region = 'us-east-1', credentials } = options
    const operator = credentials === undefined ? {} : { credentials }
    this.#client = controlPlane({ endpoints, region, ...operator })
    this.#ticker = setInterval(() => this.#tick(), options.progressEveryMs ?? 500)
  }

  async execute(): Promise<Summary> {
    const { endpoints, signal, log = () => {} } = this.#options
    const plan = this.#plan
    const endpoint = await resolved(endpoints)
    const fleet = await this.#onboard(endpoint)
    const onboardSeconds = this.#record.elapsedSeconds
    signal?.throwIfAborted()
    const processes = await startWorkers(this.#pool, {
      plan,
      endpoint,
      identityFolder: fleet.identities.path,
      clockRate: this.#options.clockRate ?? (await serverClock(endpoints)).rate,
      processes: this.#options.processes,
      log,
    })
    const usageBefore = await serverUsage(endpoints)
    await this.#carryOutPhases(fleet)
    await this.#settleCounts()
    const usageAfter = await serverUsage(endpoints)
    this.#tick()
    const summary = summarize({
      plan,
      record: this.#record,
      counts: this.#pool.counts(),
      recorder: this.#recorder,
      processes,
      onboardSeconds,
      certificatesMade: fleet.created,
      usage: [usageBefore, usageAfter],
    })
    this.#record.phase = 'draining'
    await this.#pool.drain(0, DRAIN_MS + plan.mine.length * DRAIN_MS_PER_DEVICE)
    this.#record.phase = 'done'
    this.#tick()
    this.#options.onHistory?.(this.#recorder.samples)
    return summary
  }

  /** Says goodbye for every device, within seconds. */
  async leave(): Promise<void> {
    await this.#pool.drain(0, LEAVE_MS).catch(() => {})
  }

  close(): void {
    clearInterval(this.#ticker)
    this.#pool.close()
    this.#client.destroy()
  }

  async #onboard(endpoint: DeviceEndpoint): Promise<OnboardedFleet> {
    const { identityFolder = '.muster/devices', certificateFolder, signal } = this.#options
    return await onboard({
      ...registrations(this.#plan),
      client: this.#client,
      endpoint,
      folder: identityFolder,
      ...(certificateFolder === undefined ? {} : { certificateFolder }),
      onProgress: (done) => (this.#record.onboarded = done),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  async #carryOutPhases(fleet: OnboardedFleet): Promise<void> {
    const { endpoints, runId, signal, stallSeconds = 30 } = this.#options
    const stage: Stage = {
      plan: this.#plan,
      record: this.#record,
      client: this.#client,
      endpoints,
      pool: this.#pool,
      fleet,
      runId: runId ?? Date.now().toString(36),
      stallSeconds,
      signal,
      beganAtMs: Date.now(),
    }
    this.#record.phase = 'connecting'
    for (const phase of this.#plan.scenario.phases ?? [{ connect: {} }]) {
      if (!(await carryOut(phase, stage))) break
    }
  }

  /** The service knows of the last update before its device does: waits for the device, a little. */
  async #settleCounts(): Promise<void> {
    const untilMs = Date.now() + SETTLE_MS
    do {
      await this.#pool.order({ type: 'report' })
      if (this.#pool.counts().running === 0) return
      await wait(50)
    } while (Date.now() < untilMs)
  }

  #tick(): void {
    const { job, phase, onboarded, elapsedSeconds } = this.#record
    const progress: Progress = {
      phase,
      devices: this.#plan.mine.length,
      onboarded,
      elapsedSeconds,
      counts: this.#pool.counts(),
      ...(job === undefined ? {} : { job }),
    }
    this.#recorder.record(progress)
    this.#options.onProgress?.(progress)
  }
}

/** The data endpoint, resolved once, so that thousands of connections do not ask again. */
async function resolved(endpoints: Endpoints): Promise<DeviceEndpoint> {
  const { dataHost, mqttPort, httpsPort, caPem } = endpoints
  const four = await lookup(dataHost, { family: 4 }).catch(() => undefined)
  return {
    host: (four ?? (await lookup(dataHost))).address,
    serverName: dataHost,
    ...(mqttPort === undefined ? {} : { mqttPort }),
    ...(httpsPort === undefined ? {} : { httpsPort }),
    ...(caPem === undefined ? {} : { caPem }),
  }
}
