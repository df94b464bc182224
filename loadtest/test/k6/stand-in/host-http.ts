/** The host's half of `k6/http`, on undici. */
import { Agent, request, type Dispatcher } from 'undici'
import type { TlsIdentity } from './host-mqtt.ts'
import { durationMs } from './script-options.ts'

/** As a script asks. */
export interface HttpAsked {
  readonly method: Dispatcher.HttpMethod
  readonly url: string
  readonly body: string | null
  /** As k6 writes durations: `10s`, `500ms`. */
  readonly timeout?: string
}

/** As a script is answered; status 0 where there was no answer. */
export interface HttpAnswer {
  readonly status: number
  readonly error_code: number
  readonly body: string
  readonly timings: { readonly duration: number; connecting: number; tls_handshaking: number }
}

/** k6's codes of a request that was given up, and of any other failure. */
const [TIMED_OUT, FAILED] = [1050, 1000]

/** The connections of one virtual user. */
export class HostHttp {
  readonly #isReused: boolean
  readonly #identity: TlsIdentity
  #agent: Agent | undefined

  constructor(
    identity: TlsIdentity,
    { noConnectionReuse = false }: { noConnectionReuse?: boolean },
  ) {
    this.#identity = identity
    this.#isReused = !noConnectionReuse
  }

  async ask({ method, url, body, timeout = '60s' }: HttpAsked): Promise<HttpAnswer> {
    const { cert, key, caPem } = this.#identity
    const dispatcher = this.#agent ?? new Agent({ connect: { cert, key, ca: caPem } })
    if (this.#isReused) this.#agent = dispatcher
    const beganAtMs = performance.now()
    const answer = (status: number, code: number, text: string): HttpAnswer => {
      const duration = performance.now() - beganAtMs
      const timings = { duration, connecting: 0, tls_handshaking: 0 }
      return { status, error_code: code, body: text, timings }
    }
    try {
      const signal = AbortSignal.timeout(durationMs(timeout))
      const got = await request(url, { method, body, dispatcher, signal })
      return answer(got.statusCode, 0, await got.body.text())
    } catch (cause) {
      const isLate = cause instanceof Error && cause.name === 'TimeoutError'
      return answer(0, isLate ? TIMED_OUT : FAILED, '')
    } finally {
      if (!this.#isReused) await dispatcher.close()
    }
  }

  async close(): Promise<void> {
    await this.#agent?.close()
  }
}
