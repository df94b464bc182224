/** One device's requests over HTTPS with mutual TLS. */
import http, { type RefinedResponse } from 'k6/http'
import { ANSWER_MS_MAX, outcomeOf } from './outcome.ts'
import { sent, settled } from './record.ts'
import type { Settings } from './settings.ts'

/** One request. */
export interface HttpsRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** From the root, encoded. */
  readonly path: string
  readonly body?: string
  /** What k6 calls requests of its kind: a name of its own for each path would be too many. */
  readonly name: string
  /** Whether the policy forbids it. */
  readonly forbidden?: boolean
}

/** Denials that are asked for are no failures in k6's own metrics either. */
const DENIED_TOO = http.expectedStatuses({ min: 200, max: 299 }, 403)

/** Sends requests and records how each went. */
export class HttpsDevice {
  readonly #origin: string

  constructor({ host, port }: Pick<Settings, 'host' | 'port'>) {
    this.#origin = `https://${host}:${port}`
  }

  /** Sends one and waits for its answer. */
  ask({ method, path, body, name, forbidden = false }: HttpsRequest): RefinedResponse<'text'> {
    sent()
    const answer = http.request(method, this.#origin + path, body ?? null, {
      responseType: 'text',
      timeout: `${ANSWER_MS_MAX}ms`,
      tags: { name },
      ...(forbidden && { responseCallback: DENIED_TOO }),
    })
    const { duration, connecting, tls_handshaking: handshake } = answer.timings
    settled(outcomeOf(answer, forbidden), duration + connecting + handshake)
    return answer
  }
}
