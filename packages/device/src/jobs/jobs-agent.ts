/**
 * The Jobs agent (jobs J114 to J119): asks what is pending, runs it, reports it, over any
 * transport. One job at a time.
 */
import type { Clock, Random } from '@muster/clock'
import { backOffMs, REQUEST_BACK_OFF, type BackOff } from '../back-off.ts'
import { handlerFor } from './job-document.ts'
import type { JobHandler, JobHandlers, JobResult } from './job-handler.ts'
import type {
  JobExecution,
  JobExecutionState,
  StatusDetails,
  UpdateReply,
  UpdateRequest,
} from './job-messages.ts'
import type { JobsTransport, Reply, ReplyRefusal } from './jobs-transport.ts'
import { runningJob } from './running-job.ts'

/** How an agent works; everything but `handlers` has a default. */
export interface JobsAgentOptions {
  readonly handlers: JobHandlers
  /** Serves operations that `handlers` lacks; without it they are REJECTED (jobs J117). */
  readonly fallbackHandler?: JobHandler
  /**
   * `start-next` (default) takes the next job with one request; `describe-next` peeks first and
   * starts with an update, which spares start-next's quota.
   */
  readonly query?: 'start-next' | 'describe-next'
  /** Sends `expectedVersion` with each update; off by default, since it races (jobs J115). */
  readonly expectVersions?: boolean
  /** Step timer set at the start and re-armed while the handler runs (jobs J118), minutes. */
  readonly stepTimeoutInMinutes?: number
  /** Whether a set step timer is re-armed at half its time; default true. */
  readonly rearmStepTimer?: boolean
  /** Waits between attempts of one request. */
  readonly requestBackOff?: BackOff
  /** Time for step timers. */
  readonly clock: Clock
  /** Time for waits between attempts: wall time also where `clock` runs faster. */
  readonly wallClock: Clock
  readonly random: Random
  /** Told what happens, in order. */
  readonly observer?: JobsAgentObserver
}

/** What an agent tells about its work; every member is optional. */
export interface JobsAgentObserver {
  /** A job is about to run. */
  readonly started?: (execution: JobExecution) => void
  /** The service accepted the terminal status. */
  readonly finished?: (execution: JobExecution, result: JobResult) => void
  /** The service had cancelled or removed the execution, or timed it out. */
  readonly cancelled?: (execution: JobExecution, refusal: ReplyRefusal) => void
  /** A request was refused, or not answered. */
  readonly refused?: (request: AgentRequest, refusal: ReplyRefusal) => void
}

/** The requests an agent makes, and the subscription that its connection needs. */
export type AgentRequest = 'start-next' | 'describe' | 'update' | 'subscribe'

/** Refusals after which the same request may succeed later (jobs J114). */
const RETRYABLE: ReadonlySet<string> = new Set(['RequestThrottled', 'InternalError', 'Timeout'])
/** Refusals of an update that mean the execution is no longer ours to report (jobs J65, J114). */
const CANCELLATION: ReadonlySet<string> = new Set(['InvalidStateTransition', 'ResourceNotFound'])
/** How many finished executions an agent remembers against duplicates (jobs J114). */
const REMEMBERED = 8
/** Version mismatches in a row before an update goes out without its version. */
const MISMATCHES_MAX = 2

interface Running {
  readonly execution: JobExecution
  readonly abort: AbortController
  /** What the service's version should be. */
  version: number
  /** The handler has ended: the answer to its terminal update will tell the rest. */
  reporting: boolean
}

/** Runs the jobs of one thing; tell it when the transport is up, down, or has news. */
export class JobsAgent {
  readonly #transport: JobsTransport
  readonly #options: JobsAgentOptions
  #up = false
  #stopped = false
  #busy = false
  #again = false
  #running: Running | undefined
  #finished: string[] = []
  #wakeWaiters: (() => void)[] = []
  /** A question about the running execution is under way. */
  #verifying = false
  /** There was news meanwhile: one more question answers all of it. */
  #verifyAgain = false

  constructor(transport: JobsTransport, options: JobsAgentOptions) {
    this.#transport = transport
    this.#options = options
  }

  /** The execution in hand. */
  get current(): JobExecution | undefined {
    return this.#running?.execution
  }

  /** The transport can carry requests: asks for work, also after every reconnect (jobs J114). */
  up(): void {
    this.#up = true
    this.#wake()
    if (this.#running === undefined) {
      this.poll()
      return
    }
    // What was announced meanwhile was announced to nobody: it is asked for once this job has ended.
    this.#again = true
    if (!this.#running.reporting) void this.#verify()
  }

  /** The transport is gone: requests wait for {@link up}. */
  down(): void {
    this.#up = false
  }

  /**
   * A `notify-next` came. Another execution than the running one waits for it to end (J119), but
   * is a reason to ask whether the running one was cancelled. No execution means idle.
   */
  notifyNext(execution: JobExecution | undefined): void {
    const running = this.#running
    if (running !== undefined) {
      if (execution !== undefined && keyOf(execution) === keyOf(running.execution)) return
      if (execution !== undefined) this.#again = true
      if (!running.reporting) void this.#verify()
      return
    }
    if (execution !== undefined && !this.#finished.includes(keyOf(execution))) this.poll()
  }

  /** Asks for work now, or once the running job ends. */
  poll(): void {
    if (this.#busy) {
      this.#again = true
      // Who is told of nothing asks whether the job in hand is still its own.
      if (this.#running?.reporting === false) void this.#verify()
    } else if (!this.#stopped && this.#up) void this.#work()
  }

  /** Ends: aborts the running handler and reports nothing more. */
  stop(): void {
    this.#stopped = true
    this.#up = false
    this.#running?.abort.abort()
    this.#wake()
  }

  async #work(): Promise<void> {
    this.#busy = true
    try {
      do {
        this.#again = false
        const execution = await this.#next()
        if (execution === undefined) continue
        const known = this.#finished.includes(keyOf(execution))
        if (known && execution.status !== 'IN_PROGRESS') continue
        await this.#run(execution)
      } while (this.#again && this.#up && !this.#stopped)
    } finally {
      this.#busy = false
    }
  }

  /** Queries until answered; undefined when nothing is pending or the transport went down. */
  async #next(): Promise<JobExecution | undefined> {
    const { query = 'start-next', stepTimeoutInMinutes } = this.#options
    for (let attempt = 0; this.#up && !this.#stopped; attempt++) {
      const reply =
        query === 'start-next'
          ? await this.#transport.startNext(
              stepTimeoutInMinutes === undefined ? {} : { stepTimeoutInMinutes },
            )
          : await this.#transport.describe('$next', {})
      if (reply.ok) return reply.value
      this.#refused(query === 'start-next' ? 'start-next' : 'describe', reply.error)
      if (!RETRYABLE.has(reply.error.code)) return undefined
      await this.#pause(attempt)
    }
    return undefined
  }

  async #run(execution: JobExecution): Promise<void> {
    const abort = new AbortController()
    const version = execution.versionNumber
    const running: Running = { execution, abort, version, reporting: false }
    this.#running = running
    this.#options.observer?.started?.(execution)
    try {
      const { handlers, fallbackHandler } = this.#options
      const found = handlerFor(execution.jobDocument, handlers, fallbackHandler)
      const result: JobResult = found.ok
        ? await this.#handle(found.value, execution, abort.signal)
        : { status: 'REJECTED', statusDetails: { reason: found.error.message } }
      if (abort.signal.aborted) return
      running.reporting = true
      await this.#report(execution, result)
    } finally {
      this.#running = undefined
    }
  }

  async #handle(
    handler: JobHandler,
    execution: JobExecution,
    signal: AbortSignal,
  ): Promise<JobResult> {
    const { clock, stepTimeoutInMinutes, rearmStepTimer = true } = this.#options
    if (execution.status === 'QUEUED') {
      const started = await this.#update(execution, {
        status: 'IN_PROGRESS',
        ...(stepTimeoutInMinutes === undefined ? {} : { stepTimeoutInMinutes }),
      })
      if (!started.ok && signal.aborted) return { status: 'FAILED' }
    }
    const { job, end } = runningJob(execution, signal, {
      clock,
      ...(stepTimeoutInMinutes === undefined || !rearmStepTimer ? {} : { stepTimeoutInMinutes }),
      report: async (statusDetails: StatusDetails | undefined, step: number | undefined) =>
        (
          await this.#update(execution, {
            status: 'IN_PROGRESS',
            ...(statusDetails === undefined ? {} : { statusDetails }),
            ...(step === undefined ? {} : { stepTimeoutInMinutes: step }),
          })
        ).ok,
    })
    try {
      return await Promise.race([handler(job), aborted(signal)])
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      return { status: 'FAILED', statusDetails: { reason: reason.slice(0, 1024) || 'unknown' } }
    } finally {
      end()
    }
  }

  /** Sends the terminal update until the service has answered it. */
  async #report(execution: JobExecution, result: JobResult): Promise<void> {
    for (let attempt = 0; !this.#stopped; attempt++) {
      if (!this.#up) {
        await new Promise<void>((resolve) => this.#wakeWaiters.push(resolve))
        continue
      }
      const reply = await this.#update(execution, {
        status: result.status,
        ...(result.statusDetails === undefined ? {} : { statusDetails: result.statusDetails }),
      })
      if (reply.ok || isEcho(reply.error, result)) {
        this.#remember(execution)
        this.#options.observer?.finished?.(execution, result)
        return
      }
      const { code } = reply.error
      // A policy may be mended; to run the job again meanwhile would be worse than to wait.
      const passes = code === 'Disconnected' || code === 'Denied' || RETRYABLE.has(code)
      if (!passes) return
      // Over HTTPS nobody tells when the server is back: an attempt that fails at once must not
      // follow on another.
      if (this.#up) await this.#pause(attempt)
    }
  }

  async #update(execution: JobExecution, request: UpdateRequest): Promise<Reply<UpdateReply>> {
    const running = this.#running
    const expects = this.#options.expectVersions === true && running !== undefined
    for (let mismatches = 0; ; mismatches++) {
      const withVersion =
        expects && mismatches <= MISMATCHES_MAX ? { expectedVersion: running.version } : {}
      const reply = await this.#transport.update(execution.jobId, {
        ...request,
        executionNumber: execution.executionNumber,
        ...withVersion,
      })
      if (reply.ok) {
        if (running !== undefined) running.version += 1
        return reply
      }
      this.#refused('update', reply.error)
      const state = reply.error.members?.['executionState'] as JobExecutionState | undefined
      if (reply.error.code === 'VersionMismatch' && expects && mismatches <= MISMATCHES_MAX) {
        if (state !== undefined) running.version = state.versionNumber
        continue
      }
      if (CANCELLATION.has(reply.error.code) && state?.status !== request.status) {
        this.#cancel(execution, reply.error)
      }
      return reply
    }
  }

  /** Asks whether the running execution is still ours, after news or silence about it. */
  async #verify(): Promise<void> {
    if (this.#verifying) {
      this.#verifyAgain = true
      return
    }
    this.#verifying = true
    try {
      do {
        this.#verifyAgain = false
        await this.#askWhetherOurs()
      } while (this.#verifyAgain)
    } finally {
      this.#verifying = false
    }
  }

  async #askWhetherOurs(): Promise<void> {
    const execution = this.#running?.execution
    if (execution === undefined || !this.#up) return
    const { jobId, executionNumber } = execution
    const reply = await this.#transport.describe(jobId, {
      executionNumber,
      includeJobDocument: false,
    })
    if (reply.ok) return
    this.#refused('describe', reply.error)
    const gone = reply.error.code === 'TerminalStateReached' || CANCELLATION.has(reply.error.code)
    if (gone && this.#running?.execution === execution) this.#cancel(execution, reply.error)
  }

  #cancel(execution: JobExecution, refusal: ReplyRefusal): void {
    if (this.#running?.execution !== execution || this.#running.abort.signal.aborted) return
    this.#remember(execution)
    this.#again = true
    this.#running.abort.abort()
    this.#options.observer?.cancelled?.(execution, refusal)
  }

  #remember(execution: JobExecution): void {
    this.#finished = [...this.#finished.slice(1 - REMEMBERED), keyOf(execution)]
  }

  #refused(request: AgentRequest, refusal: ReplyRefusal): void {
    this.#options.observer?.refused?.(request, refusal)
  }

  #pause(attempt: number): Promise<void> {
    const { wallClock, random, requestBackOff = REQUEST_BACK_OFF } = this.#options
    const waitMs = backOffMs(requestBackOff, attempt, random())
    return new Promise((resolve) => {
      const cancel = wallClock.setAlarm(wallClock.nowMs() + waitMs, resolve)
      this.#wakeWaiters.push(() => {
        cancel()
        resolve()
      })
    })
  }

  #wake(): void {
    const waiters = this.#wakeWaiters
    this.#wakeWaiters = []
    for (const resolve of waiters) resolve()
  }
}

/** Ends the wait for a handler that does not heed its signal; the result is never reported. */
function aborted(signal: AbortSignal): Promise<JobResult> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ status: 'FAILED' }), { once: true })
  })
}

function keyOf(execution: JobExecution): string {
  return `${execution.jobId}#${execution.executionNumber}`
}

/** Whether a refusal shows our own result: the reply to an earlier attempt was lost. */
function isEcho(refusal: ReplyRefusal, result: JobResult): boolean {
  const state = refusal.members?.['executionState'] as JobExecutionState | undefined
  return refusal.code === 'InvalidStateTransition' && state?.status === result.status
}
