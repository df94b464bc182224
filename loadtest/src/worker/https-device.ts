/** A device over HTTPS: one connection, kept alive, requests on it one after the other. */
import type { SecureContext } from 'node:tls'
import type { DeviceEndpoint } from '@muster/device'
import { LeanHttps, machineMs, type LeanAnswer } from '@muster/fleet'
import type { Decision } from '../tally.ts'
import type { Asked, DeviceSurroundings, LoadDevice } from './load-device.ts'
import type { DevicePlan } from './worker-messages.ts'

/** How it connects. */
export interface HttpsDeviceOptions {
  readonly endpoint: DeviceEndpoint
  readonly secureContext: () => SecureContext
  readonly localAddress: string | undefined
  readonly answerWithinMs: number
}

/** One device. */
export class HttpsDevice implements LoadDevice {
  readonly plan: DevicePlan
  readonly #around: DeviceSurroundings
  readonly #options: HttpsDeviceOptions
  readonly #jobs: string
  #client: LeanHttps | undefined
  #context: SecureContext | undefined
  #underWay = 0
  #isOpen = false

  constructor(plan: DevicePlan, options: HttpsDeviceOptions, around: DeviceSurroundings) {
    this.plan = plan
    this.#options = options
    this.#around = around
    this.#jobs = `/things/${encodeURIComponent(plan.thingName)}/jobs`
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get underWay(): number {
    return this.#underWay
  }

  /** Asks for its pending jobs, whatever the answer: that opens a connection. */
  open(): Promise<boolean> {
    if (this.#client?.isOpen === true) return Promise.resolve(true)
    return new Promise((resolve) => {
      this.#around.tally().sums.messages++
      this.#connection().request('GET', this.#jobs, null, ({ cause, status }) => {
        if (cause !== undefined) this.#around.tally().count(`connect: ${reasonOf(cause)}`)
        resolve(status === 200)
      })
    })
  }

  publish(asked: Asked, topic: string, payload: Buffer, qos: 0 | 1 = 1): void {
    const path = `/topics/${encodeURIComponent(topic)}?qos=${qos}`
    this.request(asked, 'POST', path, payload)
  }

  /**
   * Asks the jobs data plane, `''` for the list or the job's id.
   *
   * @param answered - told of an answer of 200
   */
  jobs(
    asked: Asked,
    method: 'GET' | 'PUT' | 'POST',
    jobId: string,
    body?: object,
    answered?: (body: string) => void,
  ): void {
    const path = jobId === '' ? this.#jobs : `${this.#jobs}/${encodeURIComponent(jobId)}`
    this.request(asked, method, path, body === undefined ? null : JSON.stringify(body), answered)
  }

  request(
    asked: Asked,
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body: string | Buffer | null,
    answered?: (body: string) => void,
  ): void {
    const { sums } = this.#around.tally()
    sums.messages++
    sums.sent++
    this.#underWay++
    this.#connection().request(method, path, body, (answer) => {
      this.#underWay--
      this.#count(asked, answer)
      if (answer.status === 200) answered?.(answer.body)
    })
  }

  /** Asks for what is beside the load: it is counted as a message alone. */
  ask(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body: string | null,
    answered: (status: number, body: string) => void,
  ): void {
    this.#around.tally().sums.messages++
    this.#connection().request(method, path, body, (answer) => answered(answer.status, answer.body))
  }

  /** Cuts the connection, as a bad network does; the next request opens another. */
  async cut(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#left()
    await client?.destroy()
  }

  /** What is late ends by the client's own timeout. */
  expire(): void {}

  async close(): Promise<void> {
    await this.cut()
  }

  #connection(): LeanHttps {
    if (this.#client !== undefined) return this.#client
    const { answerWithinMs, endpoint, localAddress, secureContext } = this.#options
    this.#context ??= secureContext()
    const options = { endpoint, localAddress, timeoutMs: answerWithinMs }
    const client = new LeanHttps({ ...options, secureContext: this.#context }, (socket) => {
      if (client !== this.#client) return
      this.#isOpen = true
      this.#around.connected.count++
      socket.once('close', () => {
        if (client === this.#client) this.#left()
      })
      this.#around.opened(this)
    })
    this.#client = client
    return client
  }

  #left(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#around.connected.count--
  }

  #count({ expected, intendedMs, kind }: Asked, { cause, errorType, status }: LeanAnswer): void {
    const tally = this.#around.tally()
    if (status === 0) {
      const isLate = /timed? ?out/i.test(cause?.message ?? '')
      if (isLate) tally.timedOut(kind)
      else tally.failed(kind, reasonOf(cause ?? new Error('no answer')))
      return
    }
    const got = decisionOf(status, errorType)
    if (got === undefined) tally.failed(kind, `${status} ${errorType}`)
    else tally.answered(kind, expected, got, machineMs() - intendedMs)
  }
}

/** @returns undefined for what is neither a decision nor a throttle: a failure */
function decisionOf(status: number, errorType: string): Decision | undefined {
  if (status === 429 || errorType === 'ThrottlingException') return 'throttled'
  if (status === 401 || status === 403) return 'denied'
  return status === 200 ? 'allowed' : undefined
}

function reasonOf(cause: Error): string {
  return (cause as { code?: string }).code ?? cause.message
}
