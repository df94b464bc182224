/**
 * A run from beginning to end: onboard, carry the phases out, report.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { DeviceEndpoint } from '@muster/device'
import { present } from '@muster/model'
import {
  controlPlane,
  onboard,
  type OnboardedFleet,
  serverClock,
  type ServerUsage,
  serverUsage,
} from '@muster/fleet/control'
import { targetText } from '@muster/fleet/report'
import { earlierJobs } from './control/earlier-jobs.ts'
import { registrations } from './control/registrations.ts'
import { jobProgress } from './control/rollout.ts'
import { carryOut } from './phases/carry-out.ts'
import { repeat } from './phases/repeat.ts'
import { messagesSettle } from './phases/telemetry.ts'
import { phaseName } from './phases/phase-name.ts'
import { preflight } from './preflight/preflight.ts'
import { Recorder } from './report/recorder.ts'
import { SoakWatch } from './soak-watch.ts'
import { planRun, type RunPlan } from './run-plan.ts'
import { RunRecord } from './run-record.ts'
import { roundsOf } from './scenario/rounds.ts'
import type { Phase } from './scenario/scenario.ts'
import type { SimulateOptions } from './simulate-options.ts'
import type { Stage } from './stage.ts'
import { summarize } from './summarize.ts'
import type { Progress, Summary } from './summary.ts'
import { startWorkers } from './worker/start-workers.ts'
import { WorkerPool } from './worker/worker-pool.ts'

/** Gives up on connections after so long without a new one. */
const STALL_SECONDS = 30
/** How long devices may take to hear what the service has already counted. */
const SETTLE_MS = 2000
/** A run that ends early looks at its job for so long. */
const LAST_LOOK_MS = 2000
/** A run that ends early may take so long to disconnect. */
const LEAVE_MS = 5000
/** Draining is given so long, and so much more for each device. */
const DRAIN_MS = 10_000
const DRAIN_MS_PER_DEVICE = 4

/**
 * Runs a scenario.
 *
 * @returns the summary, also when devices failed (see its `ok`) and when the run ended early (see
 *   its `endedEarly`): interrupted, the server gone for longer than `outageSeconds`, a worker dead
 * @throws Error for what is found before the first device is onboarded: broken certificates, a data
 *   endpoint that is not there or not vouched for, a clock that cannot be moved; ControlPlaneError
 *   when the control plane is down, refuses or stalls by then
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
  readonly #plan: RunPlan
  readonly #log: (line: string) => void
  readonly #client: ReturnType<typeof controlPlane>
  readonly #pool = new WorkerPool()
  readonly #record = new RunRecord()
  readonly #recorder = new Recorder()
  readonly #ticker: NodeJS.Timeout
  #usageBefore: ServerUsage | undefined
  #soak: SoakWatch | undefined

  constructor(options: SimulateOptions) {
    this.#options = options
    this.#plan = planRun(options)
    this.#log = options.log ?? (() => {})
    const { endpoints, region = 'us-east-1', credentials, outageSeconds = 60, signal } = options
    const patience = { outageSeconds, signal, log: this.#log }
    this.#client = controlPlane({ endpoints, region, credentials, patience })
    this.#ticker = setInterval(() => this.#tick(), options.progressEveryMs ?? 500)
  }

  async execute(): Promise<Summary> {
    const { signal } = this.#options
    const record = this.#record
    try {
      await unlessAborted(signal, this.#carryOut())
    } catch (cause) {
      const isInterrupted = signal?.aborted === true
      if (!isInterrupted && record.onboarded === 0) throw cause
      await this.#lastLook()
      record.endEarly(isInterrupted ? 'interrupted' : messageOf(cause))
    }
    const summary = await this.#summary()
    if (record.endedEarly === undefined) await this.#stay(summary)
    await this.#leave()
    this.#options.onHistory?.(this.#recorder.samples)
    return summary
  }

  close(): void {
    clearInterval(this.#ticker)
    this.#soak?.end()
    this.#pool.close()
    this.#client.destroy()
  }

  async #carryOut(): Promise<void> {
    const { certificateFolder, devices, endpoints, clockRate, processes } = this.#options
    const { stallSeconds = STALL_SECONDS } = this.#options
    const plan = this.#plan
    if (plan.names !== undefined && devices !== undefined && devices > plan.names.length) {
      this.#log(`${certificateFolder} has ${plan.names.length} certificates: so many devices`)
    }
    const endpoint = await preflight({ plan, endpoints, certificateFolder, stallSeconds })
    const fleet = await this.#record.during('onboard', () => this.#onboard(endpoint))
    this.#record.phase = 'connecting'
    this.#record.processes = await startWorkers(this.#pool, {
      plan,
      endpoint,
      identityFolder: fleet.identities.path,
      clockRate: clockRate ?? (await serverClock(endpoints)).rate,
      processes,
      log: this.#log,
    })
    this.#options.onRunning?.({
      plan,
      change: (change) => this.#pool.order({ type: 'change', change }),
    })
    this.#usageBefore = await serverUsage(endpoints)
    await this.#carryOutPhases(fleet)
    await this.#settleCounts()
    const { job } = this.#record
    if (job !== undefined) this.#record.jobSeen(await jobProgress(this.#client, job.jobId))
  }

  async #onboard(endpoint: DeviceEndpoint): Promise<OnboardedFleet> {
    const { identityFolder = '.muster/devices', certificateFolder, signal } = this.#options
    const record = this.#record
    const fleet = await onboard({
      ...registrations(this.#plan),
      client: this.#client,
      endpoint,
      folder: identityFolder,
      ...(certificateFolder === undefined ? {} : { certificateFolder }),
      onProgress: (done) => (record.onboarded = done),
      ...(signal === undefined ? {} : { signal }),
    })
    record.onboardSeconds = record.elapsedSeconds
    record.certificatesMade = fleet.created
    return fleet
  }

  async #carryOutPhases(fleet: OnboardedFleet): Promise<void> {
    const { endpoints, signal, stallSeconds = STALL_SECONDS } = this.#options
    const { rootGroup, scenario } = this.#plan
    const runId = this.#options.runId ?? Date.now().toString(36)
    const stage: Stage = {
      plan: this.#plan,
      record: this.#record,
      client: this.#client,
      endpoints,
      pool: this.#pool,
      fleet,
      runId,
      log: this.#log,
      stallSeconds,
      signal,
      beganAtMs: Date.now(),
    }
    const phases = scenario.phases ?? [{ connect: {} }]
    if (phases.some((phase) => 'job' in phase)) {
      const { nowMs } = await serverClock(endpoints)
      const notes = await earlierJobs(this.#client, rootGroup, `${rootGroup}-${runId}`, nowMs)
      for (const note of notes) this.#log(note)
    }
    const soakSeconds = this.#plan.soakSeconds
    const { first, round, last } =
      soakSeconds === undefined ? { first: phases, round: [], last: [] } : roundsOf(phases)
    const carriedOut = (phase: Phase): Promise<boolean> =>
      this.#record.during(phaseName(phase), () => carryOut(phase, stage))
    for (const phase of first) {
      if (!(await carriedOut(phase))) return
    }
    if (soakSeconds !== undefined) {
      this.#soak = new SoakWatch(endpoints, soakSeconds, this.#plan.publishes)
      if (!(await repeat(stage, round, soakSeconds))) return
    }
    for (const phase of last) await carriedOut(phase)
  }

  /** The service knows of the last update before its device does: waits for the device, a little. */
  async #settleCounts(): Promise<void> {
    if (this.#plan.publishes) {
      await this.#pool.order({ type: 'end-messages' })
      await messagesSettle({ pool: this.#pool, signal: this.#options.signal })
    }
    const untilMs = Date.now() + SETTLE_MS
    do {
      await this.#pool.order({ type: 'report' })
      if (this.#pool.counts().running === 0) return
      await wait(50)
    } while (Date.now() < untilMs)
  }

  async #summary(): Promise<Summary> {
    this.#tick()
    const { endpoints, region = 'us-east-1' } = this.#options
    return summarize({
      target: targetText(endpoints, region),
      plan: this.#plan,
      record: this.#record,
      counts: this.#pool.counts(),
      recorder: this.#recorder,
      steadiness: this.#soak?.end(),
      usage: [this.#usageBefore, await serverUsage(endpoints)],
    })
  }

  /** What the service counts at an early end, if it says so soon; else what it counted last. */
  async #lastLook(): Promise<void> {
    const { job } = this.#record
    if (job === undefined) return
    const seen = jobProgress(this.#client, job.jobId).then((now) => this.#record.jobSeen(now))
    const late = wait(LAST_LOOK_MS, undefined, { ref: false })
    await Promise.race([seen, late]).catch(() => {})
  }

  /** Devices go on with whatever jobs come, as long as whoever runs them wants. */
  async #stay(summary: Summary): Promise<void> {
    const { stay } = this.#options
    if (stay === undefined) return
    this.#record.phase = 'running'
    await this.#pool.unlessFailed(stay(summary))
  }

  /** Says goodbye for every device, within seconds. */
  async #leave(): Promise<void> {
    const devices = this.#plan.mine.length
    const early = this.#record.endedEarly !== undefined
    this.#record.phase = 'draining'
    const left = this.#pool.drain(0, early ? LEAVE_MS : DRAIN_MS + devices * DRAIN_MS_PER_DEVICE)
    // A run that a dead worker ended has nobody left to say goodbye.
    await (early ? left.catch(() => {}) : left)
    this.#record.phase = 'done'
    this.#tick()
  }

  #tick(): void {
    const { job, phase, onboarded, elapsedSeconds, round, waitingFor } = this.#record
    const progress: Progress = {
      phase,
      devices: this.#plan.mine.length,
      onboarded,
      elapsedSeconds,
      counts: this.#pool.counts(),
      ...present({ job, round, waitingFor }),
    }
    this.#recorder.record(progress)
    this.#soak?.saw(progress)
    this.#options.onProgress?.(progress)
  }
}

/** Rejects with the signal's reason as soon as it aborts, whatever the work is at. */
async function unlessAborted(signal: AbortSignal | undefined, work: Promise<void>): Promise<void> {
  if (signal === undefined) return await work
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
    // What the work still comes to, after it lost the race, concerns nobody.
    work.catch(() => {})
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
