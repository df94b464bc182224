/**
 * How long the operator of a run puts up with a server that goes away: it may be restarting.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { IoTClientConfig } from '@aws-sdk/client-iot'

type RetryStrategy = Extract<
  NonNullable<IoTClientConfig['retryStrategy']>,
  { refreshRetryTokenForRetry: unknown }
>
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>
type RetryErrorInfo = Parameters<RetryStrategy['refreshRetryTokenForRetry']>[1]

/** How patient a client is. */
export interface Patience {
  /** How long a server that answered before is asked again while it gives no answer. */
  readonly outageSeconds: number
  /** Ends all waiting. */
  readonly signal?: AbortSignal | undefined
  /** Told when the server goes away, and when it is back. */
  readonly log?: ((line: string) => void) | undefined
}

const FIRST_WAIT_MS = 100
const WAIT_MS_MAX = 2000
/** Attempts where the server answers, but only that it cannot: throttles and internal failures. */
const ANSWERED_ATTEMPTS = 8

/**
 * Tries a request again: while the server is away for as long as patience lasts, counted over all
 * requests together; a few times when it answers with a throttle or a failure of its own. A server
 * that never answered is not there, and a refusal is an answer: neither is tried again.
 */
export class PatientRetries implements RetryStrategy {
  readonly #patience: Patience
  #hasAnswered = false
  #awaySinceMs: number | undefined

  constructor(patience: Patience) {
    this.#patience = patience
  }

  acquireInitialRetryToken(): Promise<RetryToken> {
    return Promise.resolve(retryToken(0))
  }

  async refreshRetryTokenForRetry(
    token: RetryToken,
    { error, errorType }: RetryErrorInfo,
  ): Promise<RetryToken> {
    const { outageSeconds, signal, log } = this.#patience
    const attempt = token.getRetryCount() + 1
    if (isAnswer(error)) {
      this.#answered()
      if (errorType === 'CLIENT_ERROR' || attempt >= ANSWERED_ATTEMPTS) throw error
    } else {
      if (!this.#hasAnswered || errorType === 'CLIENT_ERROR') throw error
      if (this.#awaySinceMs === undefined) {
        this.#awaySinceMs = Date.now()
        log?.(`the control plane gives no answer; asking again for ${outageSeconds} s`)
      }
      if (Date.now() - this.#awaySinceMs >= outageSeconds * 1000) throw error
    }
    const waitMs = Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10))
    await wait(waitMs, undefined, signal === undefined ? {} : { signal })
    return retryToken(attempt)
  }

  recordSuccess(): void {
    this.#answered()
  }

  #answered(): void {
    this.#hasAnswered = true
    if (this.#awaySinceMs === undefined) return
    const seconds = ((Date.now() - this.#awaySinceMs) / 1000).toFixed(1)
    this.#patience.log?.(`the control plane answers again after ${seconds} s`)
    this.#awaySinceMs = undefined
  }
}

/** Whether an error came over the wire as a status of the server. */
function isAnswer(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } }
  return $metadata?.httpStatusCode !== undefined
}

/** The waits are over when a token is given. */
function retryToken(count: number): RetryToken {
  return { getRetryCount: () => count, getRetryDelay: () => 0 }
}
