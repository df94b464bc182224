/**
 * One rollout to the end: the Jobs engine itself on virtual time, asked by imagined devices the way real
 * ones ask it. Nothing of the rules is here, only when devices ask and what they report.
 */
import {
  isTerminal,
  JobsEngine,
  type JobProgress,
  type JobRegistry,
  type JobsLimits,
  type JobsState,
  type ThingHappening,
} from '@muster/jobs'
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { accept, type Outcome } from '@muster/model'
import { CompactState } from './compact-state.ts'
import type { DeviceModels } from './device-models.ts'
import { EventHeap } from './event-heap.ts'
import { ACCOUNT, rehearsedJob } from './job-input.ts'
import type { ThingNames } from './thing-names.ts'

/** What a device asks for. */
export type DeviceRequest =
  | { readonly ask: 'startNext'; readonly atMs: number; readonly thingName: string }
  | {
      readonly ask: 'update'
      readonly atMs: number
      readonly thingName: string
      readonly executionNumber: number
      readonly status: 'SUCCEEDED' | 'FAILED' | 'REJECTED'
    }

/** What a device is answered; both are undefined where nothing was pending, or an update was accepted. */
export interface DeviceAnswer {
  /** AWS's name of what it was refused with. */
  readonly refusedWith: string | undefined
  readonly execution:
    | { readonly executionNumber?: number | undefined; readonly versionNumber?: number | undefined }
    | undefined
}

/** What is rehearsed. */
export interface RehearsalOptions {
  /** CreateJob's input; see {@link rehearsedJob}. */
  readonly job: Partial<CreateJobRequest>
  readonly names: ThingNames
  readonly models: DeviceModels
  /** When the job is created, epoch milliseconds. */
  readonly startMs: number
  /** When nobody looks any more. */
  readonly endMs: number
  readonly limits?: Partial<JobsLimits>
  /** Ends with the abort: who began the job until then is all that is asked for. */
  readonly untilAbort?: boolean
  /** Told of every request of a device, with its answer. */
  readonly asked?: (request: DeviceRequest, answer: DeviceAnswer) => void
  /** Ends when more devices than this began the job. */
  readonly touchedMax?: number
  /** Ends when no thing waits for the rollout any more, where nobody asks what comes after. */
  readonly untilQueueEnds?: boolean
  /** Another state, for comparison. */
  readonly state?: JobsState
}

/** What came of a rollout. */
export interface RehearsedRollout {
  readonly devices: number
  /** The job's end as the rules left it. */
  readonly status: JobProgress['status']
  /** Executions by status, earlier attempts too. */
  readonly executions: Readonly<JobProgress['things']>
  /** When the job was aborted, seconds from its creation; undefined where it was not. */
  readonly abortedSeconds: number | undefined
  /** When the job completed, seconds from its creation. */
  readonly completedSeconds: number | undefined
  /** When each device was done with the job, seconds from its creation; -1 where it was not. */
  readonly doneSeconds: Int32Array
  /** Devices that began the job. */
  readonly touched: number
  /** Those of them that the job is bad for. */
  readonly harmed: number
  /** Devices whose last attempt succeeded. */
  readonly succeeded: number
  /** Executions that the job's retries added. */
  readonly retries: number
  /** Whether every thing had its turn, and not because the job ended before. */
  readonly queueEnded: boolean
  /** When the last thing happened, seconds from the job's creation. */
  readonly lastedSeconds: number
}

const BUDGET = 1000
const IDLE = 0
const WAKING = 1
const WORKING = 2

/**
 * Rehearses one job.
 *
 * Fails as CreateJob does for a job that AWS would refuse.
 */
export function rehearseOnce(options: RehearsalOptions): Outcome<RehearsedRollout> {
  const rollout = new Rollout(options)
  const refused = rollout.create()
  return refused ?? accept(rollout.run())
}

class Rollout {
  readonly #options: RehearsalOptions
  readonly #state: JobsState
  readonly #engine: JobsEngine
  readonly #jobId: string
  readonly #events: EventHeap
  readonly #phases: Uint8Array
  /** Number of the execution that each device works on. */
  readonly #numbers: Uint16Array
  readonly #outcomes: Uint8Array
  readonly #reactions: Uint16Array
  readonly #doneSeconds: Int32Array
  readonly #hasStarted: Uint8Array
  readonly #hasSucceeded: Uint8Array
  #touched = 0
  #harmed = 0
  #succeeded = 0
  #retries = 0
  #nowMs: number

  constructor(options: RehearsalOptions) {
    const { models, names, startMs } = options
    const { jobId } = rehearsedJob(options.job)
    const devices = names.count
    this.#options = options
    this.#jobId = jobId
    this.#state = options.state ?? new CompactState(jobId, names)
    this.#nowMs = startMs
    this.#events = new EventHeap()
    this.#phases = new Uint8Array(devices)
    this.#numbers = new Uint16Array(devices)
    this.#outcomes = new Uint8Array(devices)
    this.#reactions = new Uint16Array(devices)
    this.#doneSeconds = new Int32Array(models.count).fill(-1)
    this.#hasStarted = new Uint8Array(devices)
    this.#hasSucceeded = new Uint8Array(devices)
    this.#engine = new JobsEngine({
      account: ACCOUNT,
      state: this.#state,
      registry: everybody(names),
      publish: () => {},
      noticed: ({ jobId: next, thingName, topic }) => {
        if (topic === 'notify-next' && next !== undefined) this.#wake(names.placeOf(thingName))
      },
      witness: (happening) => this.#happened(happening),
      newId: () => '',
      presign: (_method, url) => url,
      eventsEnabled: () => false,
      ...(options.limits !== undefined && { limits: options.limits }),
    })
  }

  create(): Extract<Outcome<object>, { ok: false }> | undefined {
    const outcome = this.#engine.createJob(rehearsedJob(this.#options.job), this.#nowMs)
    return outcome.ok ? undefined : outcome
  }

  run(): RehearsedRollout {
    const { endMs, touchedMax = Infinity, untilAbort, untilQueueEnds } = this.#options
    for (;;) {
      const dueAtMs = this.#engine.nextDueAtMs() ?? Infinity
      const atMs = Math.min(dueAtMs, this.#events.firstAtMs)
      if (atMs > endMs || atMs === Infinity) break
      this.#nowMs = Math.max(this.#nowMs, atMs)
      // What is due comes first, as on a server whose clock is moved to the device's moment.
      if (dueAtMs <= this.#nowMs) {
        while (this.#engine.runDue(this.#nowMs, BUDGET)) continue
      } else {
        this.#next()
      }
      const { rollout, status } = this.#progress()
      if (untilAbort === true && status === 'CANCELED') break
      if (untilQueueEnds === true && rollout.phase === 'done') break
      if (this.#touched > touchedMax) break
    }
    return this.#outcome()
  }

  #next(): void {
    const device = this.#events.firstSubject
    this.#events.dropFirst()
    if (this.#phases[device] === WAKING) this.#startNext(device)
    else this.#report(device)
  }

  /** A device that is online hears at once; another one asks when it comes back. */
  #wake(device: number): void {
    if (this.#phases[device] !== IDLE) return
    const { models } = this.#options
    const onlineMs = models.onlineFromMs(device, this.#nowMs)
    if (onlineMs === Infinity) return
    const place = (this.#reactions[device] as number) + 1
    this.#reactions[device] = place
    this.#phases[device] = WAKING
    this.#events.add(onlineMs + models.reactionMs(device, place), device)
  }

  #startNext(device: number): void {
    const { asked, models, names } = this.#options
    const thingName = names.nameOf(device)
    this.#phases[device] = IDLE
    const answer = this.#engine.startNextPendingJobExecution({ thingName }, this.#nowMs)
    const execution = answer.ok ? answer.value.execution : undefined
    asked?.(
      { ask: 'startNext', atMs: this.#nowMs, thingName },
      { refusedWith: answer.ok ? undefined : answer.error.code, execution },
    )
    const number = execution?.executionNumber
    if (number === undefined) return
    const { behaviour, durationMs } = models.attempt(device, number)
    this.#numbers[device] = number
    // A device that hangs says nothing more of this attempt; of the next one it hears.
    if (behaviour === 'hang') return
    const onlineMs = models.onlineFromMs(device, this.#nowMs + durationMs)
    if (onlineMs === Infinity) return
    this.#outcomes[device] = behaviour === 'succeed' ? 0 : behaviour === 'fail' ? 1 : 2
    this.#phases[device] = WORKING
    this.#events.add(onlineMs, device)
  }

  #report(device: number): void {
    const { asked, names } = this.#options
    const thingName = names.nameOf(device)
    const executionNumber = this.#numbers[device] as number
    const status = (['SUCCEEDED', 'FAILED', 'REJECTED'] as const)[
      this.#outcomes[device] as 0 | 1 | 2
    ]
    this.#phases[device] = IDLE
    const jobId = this.#jobId
    const input = { jobId, thingName, executionNumber, status }
    const answer = this.#engine.updateJobExecution(input, this.#nowMs)
    asked?.(
      { ask: 'update', atMs: this.#nowMs, thingName, executionNumber, status },
      { refusedWith: answer.ok ? undefined : answer.error.code, execution: undefined },
    )
    // Too late: it was told of the next attempt while it worked, and asks for it now.
    if (!answer.ok) this.#wake(device)
  }

  #happened(happening: ThingHappening): void {
    if (happening.kind !== 'execution') return
    const { execution } = happening
    const device = this.#options.names.placeOf(execution.thingName)
    const { status } = execution
    if (execution.startedAtMs !== undefined && this.#hasStarted[device] === 0) {
      this.#hasStarted[device] = 1
      this.#touched += 1
      if (this.#options.models.isBad(device)) this.#harmed += 1
    }
    if (status === 'QUEUED') {
      if (execution.retryAttempt > 0) this.#retries += 1
      this.#doneSeconds[device] = -1
    } else if (isTerminal(status) && status !== 'CANCELED' && status !== 'REMOVED') {
      this.#doneSeconds[device] = Math.ceil((this.#nowMs - this.#options.startMs) / 1000)
    }
    const hasSucceeded = status === 'SUCCEEDED' ? 1 : 0
    this.#succeeded += hasSucceeded - (this.#hasSucceeded[device] as number)
    this.#hasSucceeded[device] = hasSucceeded
  }

  #progress(): JobProgress {
    const job = this.#state.job(this.#jobId)
    if (job === undefined) throw new Error(`job ${this.#jobId} is gone`)
    return job.progress
  }

  #outcome(): RehearsedRollout {
    const { names, startMs } = this.#options
    const { completedAtMs, reasonCode, rollout, status, things } = this.#progress()
    const endedSeconds =
      completedAtMs === undefined ? undefined : Math.ceil((completedAtMs - startMs) / 1000)
    return {
      devices: names.count,
      status,
      executions: { ...things },
      abortedSeconds: reasonCode === 'ABORT_CANCEL' ? endedSeconds : undefined,
      completedSeconds: status === 'COMPLETED' ? endedSeconds : undefined,
      doneSeconds: this.#doneSeconds,
      touched: this.#touched,
      harmed: this.#harmed,
      succeeded: this.#succeeded,
      retries: this.#retries,
      queueEnded: rollout.phase === 'done' && status !== 'CANCELED',
      lastedSeconds: Math.ceil((this.#nowMs - startMs) / 1000),
    }
  }
}

/** A registry in which everybody is in one group. */
function everybody(names: ThingNames): JobRegistry {
  return {
    thingExists: (thingName) => names.placeOf(thingName) >= 0,
    groupExists: () => true,
    *thingsInGroup() {
      for (let place = 0; place < names.count; place += 1) yield names.nameOf(place)
    },
    groupsOfThing: () => ['everybody'],
    ancestorsOfGroup: () => [],
    groupId: () => undefined,
    groupNameOfId: () => undefined,
    addTags: () => {},
    dropTags: () => {},
  }
}
