/**
 * Calls in a real account: at a pace, again after a throttle, counted, and none that names nothing of
 * the run's own.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { SdkValue } from '../cases/case-values.ts'
import type { CallResult } from '../scenario-target.ts'

/** Arguments of a call. */
export type CallArgs = { readonly [member: string]: SdkValue }

/** Sends one call of a service, once. */
export type SendCall = (service: string, operation: string, args: CallArgs) => Promise<CallResult>

/** How calls are made. */
export interface CallOptions {
  readonly send: SendCall
  /** Beginning of every name that may be touched. */
  readonly prefix: string
  /** Calls a second at most. */
  readonly perSecond: number
  /** Ends all waiting and every further call; cleaning up goes on without it. */
  readonly signal?: AbortSignal
  /** Told of a throttle that makes a call wait. */
  readonly log?: (line: string) => void
  /** Resolves after so many milliseconds. */
  readonly pause?: (ms: number, signal?: AbortSignal) => Promise<unknown>
  /** Monotonic milliseconds. */
  readonly monotonicMs?: () => number
}

/** Why a call brought no answer that could be judged. */
export type Trouble = 'no answer' | 'throttled' | 'not allowed' | 'stopped'

/** A call without an answer to judge. */
export class TroubledCall extends Error {
  override readonly name = 'TroubledCall'
  readonly trouble: Trouble

  constructor(trouble: Trouble, message: string, cause?: unknown) {
    super(message, { cause })
    this.trouble = trouble
  }
}

const THROTTLES = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
])
const FAILURES = new Set([
  'InternalFailureException',
  'InternalServerException',
  'ServiceUnavailableException',
  'InternalException',
])
/** The profile may not, or is no longer who it was. */
const NOT_ALLOWED = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnauthorizedException',
  'UnrecognizedClientException',
])
const THROTTLED_ATTEMPTS = 9
const FAILED_ATTEMPTS = 4
const FIRST_WAIT_MS = 200
const WAIT_MS_MAX = 20_000

/** Makes the calls of one run. */
export class AccountCalls {
  readonly #options: CallOptions
  readonly #pause: NonNullable<CallOptions['pause']>
  readonly #monotonicMs: () => number
  #nextMs = 0
  /** Calls that were sent, repeated ones too. */
  sent = 0
  /** Of these, those that were throttled. */
  throttled = 0

  constructor(options: CallOptions) {
    this.#options = options
    this.#pause =
      options.pause ??
      ((ms, signal) => wait(ms, undefined, { ref: true, ...(signal && { signal }) }))
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now())
  }

  /** The wall clock, epoch milliseconds. @throws TroubledCall once the run is to stop */
  nowMs(): number {
    if (this.#options.signal?.aborted === true) throw stopped('the next step')
    return Date.now()
  }

  /**
   * Calls an operation.
   *
   * @returns the service's answer, a refusal too
   * @throws TroubledCall when there is none to judge; Error for a call that would change what is not
   *   the run's own
   */
  call(service: string, operation: string, args: CallArgs): Promise<CallResult> {
    return this.#call(service, operation, args, 'running')
  }

  /** The same while cleaning up: a run that was stopped does not stop it. */
  cleaningCall(service: string, operation: string, args: CallArgs): Promise<CallResult> {
    return this.#call(service, operation, args, 'cleaning')
  }

  async #call(
    service: string,
    operation: string,
    args: CallArgs,
    phase: 'running' | 'cleaning',
  ): Promise<CallResult> {
    this.#refuseForeign(operation, args)
    const signal = phase === 'running' ? this.#options.signal : undefined
    for (let attempt = 1; ; attempt += 1) {
      await this.#turn(operation, signal)
      const outcome = await this.#attempt(service, operation, args)
      if (outcome instanceof TroubledCall) {
        // Cleaning up removes: to do that twice is no matter.
        const again = phase === 'cleaning' || isRead(operation)
        const attempts = outcome.trouble === 'no answer' && again ? FAILED_ATTEMPTS : 1
        if (attempt >= attempts) throw outcome
      } else if (!isPassing(outcome)) {
        return judged(operation, outcome)
      } else {
        const isThrottle = THROTTLES.has(outcome.error ?? '') || outcome.status === 429
        if (isThrottle) this.throttled += 1
        if (attempt >= (isThrottle ? THROTTLED_ATTEMPTS : FAILED_ATTEMPTS)) {
          if (!isThrottle) return outcome
          throw new TroubledCall('throttled', `${operation} is throttled after ${attempt} attempts`)
        }
        if (isThrottle) this.#options.log?.(`${operation} is throttled: waiting`)
      }
      await this.#waitFor(
        Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** (attempt - 1)),
        operation,
        signal,
      )
    }
  }

  async #attempt(
    service: string,
    operation: string,
    args: CallArgs,
  ): Promise<CallResult | TroubledCall> {
    this.sent += 1
    try {
      return await this.#options.send(service, operation, args)
    } catch (cause) {
      if (cause instanceof TypeError) throw cause
      const { code, name, message } = cause as { code?: string; name?: string; message?: string }
      const trouble = name === 'CredentialsProviderError' ? 'not allowed' : 'no answer'
      const said = [code ?? name, message].filter((part) => part !== undefined && part !== '')
      return new TroubledCall(trouble, `${operation}: ${said.join(': ')}`, cause)
    }
  }

  /** Waits for its turn. */
  async #turn(operation: string, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) throw stopped(operation)
    const nowMs = this.#monotonicMs()
    const atMs = Math.max(nowMs, this.#nextMs)
    this.#nextMs = atMs + 1000 / this.#options.perSecond
    if (atMs > nowMs) await this.#waitFor(atMs - nowMs, operation, signal)
  }

  async #waitFor(ms: number, operation: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#pause(ms, signal)
    } catch (cause) {
      if (signal?.aborted === true) throw stopped(operation)
      throw cause
    }
  }

  /** The last fence before the wire, whatever a scenario says. */
  #refuseForeign(operation: string, args: CallArgs): void {
    if (isRead(operation) || operation === 'CreateCertificateFromCsr') return
    // Certificates have no name to tell by: they are known by their ids alone.
    if (args['certificateId'] !== undefined) return
    const named = Object.values(args).some(
      (value) => typeof value === 'string' && value.includes(this.#options.prefix),
    )
    if (named) return
    throw new Error(`${operation} names nothing that begins with ${this.#options.prefix}: not sent`)
  }
}

/** A read may be asked again when no answer came; what a write did is not known. */
function isRead(operation: string): boolean {
  return /^(List|Get|Describe|Search)/.test(operation)
}

/** Whether an answer may be another one soon. */
function isPassing({ status, error = '' }: CallResult): boolean {
  return status === 429 || THROTTLES.has(error) || (status >= 500 && FAILURES.has(error))
}

function judged(operation: string, result: CallResult): CallResult {
  if (result.status < 400 || !NOT_ALLOWED.has(result.error ?? '')) return result
  const said = result.message ?? JSON.stringify(result.body)
  throw new TroubledCall('not allowed', `${operation}: ${result.error}: ${said}`)
}

function stopped(operation: string): TroubledCall {
  return new TroubledCall('stopped', `stopped before ${operation}`)
}
