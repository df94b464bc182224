/**
 * A run from beginning to end: onboard, carry the phases out, report.
 */
import { lookup } from 'node:dns/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { IoTClientConfig } from '@aws-sdk/client-iot'
import type { DeviceEndpoint } from '@muster/device'
import { controlPlane } from './control/control-plane.ts'
import { IdentityFolder } from './control/identity-folder.ts'
import { onboard, type OnboardedFleet } from './control/onboarding.ts'
import { serverClock } from './control/server-clock.ts'
import { serverUsage, type ServerUsage } from './control/server-usage.ts'
import { failedAssertions } from './assertions.ts'
import type { Endpoints } from './endpoints.ts'
import { groupName, rootGroupName } from './group-name.ts'
import { carryOut } from './phases.ts'
import { Recorder, type Sample } from './report/recorder.ts'
import { planFleet, type DevicePlan } from './scenario/device-plan.ts'
import type { Scenario } from './scenario/scenario.ts'
import { sourceAddresses } from './source-addresses.ts'
import type { Stage } from './stage.ts'
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
  /**
   * Devices are those with a certificate in this folder (`THING.pem`, or a key and a certificate
   * beside each other), which the account must know already; none is made.
   */
  readonly certificateFolder?: string
  /** This host's part of the fleet; default all of it. Shards need the same `runId`. */
  readonly shard?: { readonly index: number; readonly count: number }
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
/** Below the 20,000 files that a process may commonly open. */
const DEVICES_PER_PROCESS = 10_000

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
  readonly #scenario: Scenario
  readonly #devices: number
  readonly #seed: number
  readonly #prefix: string
  readonly #names: readonly string[] | undefined
  readonly #rootGroup: string
  readonly #shard: { readonly index: number; readonly count: number }
  readonly #plans: readonly DevicePlan[]
  readonly #mine: readonly DevicePlan[]
  readonly #client: ReturnType<typeof controlPlane>
  readonly #pool = new WorkerPool()
  readonly #recorder = new Recorder()
  readonly #beganAtMs = Date.now()
  #stage: Stage | undefined
  #phase: Progress['phase'] = 'onboarding'
  #onboarded = 0
  #ticker: NodeJS.Timeout

  constructor(options: SimulateOptions) {
    this.#options = options
    const { scenario, endpoints, region = 'us-east-1', credentials } = options
    this.#scenario = scenario
    const { certificateFolder } = options
    this.#names =
      certificateFolder === undefined ? undefined : new IdentityFolder(certificateFolder).names()
    if (this.#names?.length === 0) throw new Error(`${certificateFolder}: no certificates`)
    const wanted = options.devices ?? scenario.devices ?? 100
    const given = this.#names?.length
    this.#devices = given === undefined ? wanted : Math.min(given, options.devices ?? given)
    this.#seed = options.seed ?? scenario.seed ?? 1
    this.#prefix = options.prefix ?? scenario.name
    this.#rootGroup = rootGroupName(this.#prefix, scenario, this.#devices, this.#seed, this.#names)
    this.#shard = options.shard ?? { index: 0, count: 1 }
    this.#plans = planFleet(scenario, this.#devices, this.#seed, this.#prefix, this.#names)
    const { index, count } = this.#shard
    this.#mine = this.#plans.filter((plan) => plan.index % count === index)
    this.#client = controlPlane({
      endpoints,
      region,
      ...(credentials === undefined ? {} : { credentials }),
    })
    this.#ticker = setInterval(() => this.#tick(), options.progressEveryMs ?? 500)
  }

  async execute(): Promise<Summary> {
    const { signal, endpoints } = this.#options
    const endpoint = await this.#endpoint()
    const fleet = await this.#onboard(endpoint)
    const onboardSeconds = (Date.now() - this.#beganAtMs) / 1000
    signal?.throwIfAborted()
    const processes =
      this.#options.processes ?? Math.max(1, Math.ceil(this.#mine.length / DEVICES_PER_PROCESS))
    await this.#startWorkers(fleet, endpoint, processes)
    const stage: Stage = {
      client: this.#client,
      endpoints,
      pool: this.#pool,
      fleet,
      policyName: this.#policyName,
      rootGroup: this.#rootGroup,
      plans: this.#plans,
      mine: this.#mine,
      shard: this.#shard,
      runId: this.#options.runId ?? Date.now().toString(36),
      stallSeconds: this.#options.stallSeconds ?? 30,
      signal,
      log: this.#options.log ?? (() => {}),
      beganAtMs: Date.now(),
      phase: 'connecting',
      job: undefined,
      jobs: 0,
      jobCreatedAtMs: 0,
      jobCreatedCpuSeconds: 0,
      rolloutSeconds: 0,
      connectSeconds: 0,
      connectCpuSeconds: 0,
      orphanCertificates: undefined,
      revoked: 0,
      failures: [],
    }
    this.#stage = stage
    const usageBefore = await serverUsage(endpoints)
    for (const phase of this.#scenario.phases ?? [{ connect: {} }]) {
      if (!(await carryOut(phase, stage))) break
    }
    await this.#settleCounts()
    const server = usageSince(usageBefore, await serverUsage(endpoints), this.#mine.length)
    const summary = this.#summary(stage, processes, onboardSeconds, server)
    stage.phase = 'draining'
    await this.#pool.drain(0, DRAIN_MS + this.#mine.length * DRAIN_MS_PER_DEVICE)
    stage.phase = 'done'
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

  get #policyName(): string {
    return `${this.#prefix}-device`
  }

  /** The data endpoint, resolved once, so that thousands of connections do not ask again. */
  async #endpoint(): Promise<DeviceEndpoint> {
    const { dataHost, mqttPort, httpsPort, caPem } = this.#options.endpoints
    const four = await lookup(dataHost, { family: 4 }).catch(() => undefined)
    return {
      host: (four ?? (await lookup(dataHost))).address,
      serverName: dataHost,
      ...(mqttPort === undefined ? {} : { mqttPort }),
      ...(httpsPort === undefined ? {} : { httpsPort }),
      ...(caPem === undefined ? {} : { caPem }),
    }
  }

  async #onboard(endpoint: DeviceEndpoint): Promise<OnboardedFleet> {
    const { identityFolder = '.muster/devices', certificateFolder, signal } = this.#options
    const { groups } = this.#scenario
    const single = groups.length === 1
    return await onboard({
      client: this.#client,
      endpoint,
      prefix: this.#prefix,
      rootGroup: this.#rootGroup,
      groups: single ? [] : groups.map(({ name }) => groupName(this.#rootGroup, name)),
      policyName: this.#policyName,
      folder: identityFolder,
      ...(certificateFolder === undefined ? {} : { certificateFolder }),
      devices: this.#mine.map(({ thingName, group }) => ({
        thingName,
        attributes: group.attributes ?? {},
        thingGroup: single ? this.#rootGroup : groupName(this.#rootGroup, group.name),
        byClaim: group.provisioning === 'claim',
        ...(group.thingType === undefined ? {} : { thingType: group.thingType }),
      })),
      onProgress: (done) => (this.#onboarded = done),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  async #startWorkers(
    fleet: OnboardedFleet,
    endpoint: DeviceEndpoint,
    processes: number,
  ): Promise<void> {
    const { endpoints, log } = this.#options
    const clockRate = this.#options.clockRate ?? (await serverClock(endpoints)).rate
    const sources = await sourceAddresses(endpoint.host, processes, this.#mine.length)
    if (sources.note !== undefined) log?.(sources.note)
    await this.#pool.start(
      Array.from({ length: processes }, (_, worker) => ({
        scenario: this.#scenario,
        devices: this.#devices,
        seed: this.#seed,
        prefix: this.#prefix,
        ...(this.#names === undefined ? {} : { names: this.#names }),
        indexes: this.#mine
          .filter((_plan, place) => place % processes === worker)
          .map(({ index }) => index),
        endpoint,
        identityFolder: fleet.identities.path,
        clockRate,
        sourceAddresses: sources.byWorker[worker] ?? [],
      })),
    )
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

  #summary(
    stage: Stage,
    processes: number,
    onboardSeconds: number,
    server: Summary['server'],
  ): Summary {
    this.#tick()
    const { job, connectSeconds } = stage
    const counts = this.#pool.counts()
    const { notifyToSuccess: latency, denied } = counts
    const devices = this.#mine.length
    const ended = counts.succeeded + counts.failed + counts.rejected
    const percentile = (share: number): number | null => latency.percentile(share) ?? null
    const facts: Omit<Summary, 'ok' | 'failures'> = {
      scenario: this.#scenario.name,
      seed: this.#seed,
      ...(this.#shard.count > 1 ? { shard: `${this.#shard.index}/${this.#shard.count}` } : {}),
      devices,
      connected: counts.everConnected,
      succeeded: job?.succeeded ?? 0,
      failed: job?.failed ?? 0,
      rejected: job?.rejected ?? 0,
      timedOut: job?.timedOut ?? 0,
      canceled: job?.canceled ?? 0,
      removed: job?.removed ?? 0,
      denied: Object.values(denied).reduce((sum, count) => sum + count, 0),
      deniedByReason: denied,
      expectedDenials: counts.expectedDenials,
      undenied: counts.undenied,
      ...(stage.orphanCertificates === undefined
        ? {}
        : { orphanCertificates: stage.orphanCertificates }),
      reconnects: counts.reconnects,
      onboardSeconds: round(onboardSeconds),
      certificatesMade: stage.fleet.created,
      connectSeconds: round(connectSeconds),
      connectRate: round(counts.everConnected / Math.max(0.001, connectSeconds)),
      rolloutSeconds: round(stage.rolloutSeconds),
      ...(job === undefined ? {} : { jobId: job.jobId, jobStatus: job.status }),
      notifyToSuccessMs: {
        p50: percentile(0.5),
        p95: percentile(0.95),
        p99: percentile(0.99),
        count: latency.count,
      },
      generator: {
        processes,
        cpuSeconds: round(counts.cpuSeconds),
        connectCpuMsPerDevice: round((stage.connectCpuSeconds * 1000) / devices),
        jobCpuMsPerExecution:
          job === undefined || ended === 0
            ? null
            : round(((counts.cpuSeconds - stage.jobCreatedCpuSeconds) * 1000) / ended),
        rssBytes: this.#recorder.rssBytesMax,
        rssBytesPerDevice: Math.round(this.#recorder.rssBytesMax / devices),
        eventLoopLagMsMax: Math.round(this.#recorder.eventLoopLagMsMax),
      },
      ...(server === undefined ? {} : { server }),
      refusals: counts.refusals,
      faults: counts.faults,
      errors: counts.errors,
    }
    const failures = [...stage.failures, ...failedAssertions(this.#scenario, this.#mine, facts)]
    return { ...facts, ok: failures.length === 0, failures }
  }

  #tick(): void {
    const counts = this.#pool.counts()
    const job = this.#stage?.job
    const progress: Progress = {
      phase: this.#stage?.phase ?? this.#phase,
      devices: this.#mine.length,
      onboarded: this.#onboarded,
      elapsedSeconds: (Date.now() - this.#beganAtMs) / 1000,
      counts,
      ...(job === undefined ? {} : { job }),
    }
    this.#recorder.record(progress)
    this.#options.onProgress?.(progress)
  }
}

function usageSince(
  before: ServerUsage | undefined,
  after: ServerUsage | undefined,
  devices: number,
): Summary['server'] {
  if (before === undefined || after === undefined) return undefined
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds
  return {
    rssBytes: after.rssBytes,
    rssBytesPerDevice: Math.round(Math.max(0, after.rssBytes - before.rssBytes) / devices),
    cpuSeconds: round(cpuSeconds),
    cpuMsPerDevice: round((cpuSeconds * 1000) / devices),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
