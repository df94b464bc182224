/**
 * Fleet provisioning by claim (gateway G100 to G105): a certificate shared by a production line
 * buys each device its own.
 */
import { SystemClock, type Clock, type Random } from '@muster/clock'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { backOffMs, type BackOff } from '../back-off.ts'
import type { DeviceEndpoint } from '../endpoint.ts'
import type { DeviceIdentity } from '../identity.ts'
import { MqttLink } from '../mqtt/mqtt-link.ts'
import type { TlsOptions } from '../tls-socket.ts'

/** What a device needs to provision itself. */
export interface ClaimOptions extends TlsOptions {
  readonly endpoint: DeviceEndpoint
  /** The claim certificate and its key. */
  readonly claim: DeviceIdentity
  readonly templateName: string
  /** Values for the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>
  /** Common name of the certificate request, at most 64 characters. */
  readonly commonName: string
  /** MQTT client ID for the claim connection; `commonName` when left out. */
  readonly clientId?: string
  /** How long the whole exchange may take; default 30 000. */
  readonly timeoutMs?: number
  readonly wallClock?: Clock
  readonly random?: Random
}

/** What a device became. */
export interface ProvisionedDevice {
  readonly identity: DeviceIdentity
  readonly thingName: string
  /** What the template hands to devices (gateway G112). */
  readonly deviceConfiguration: Readonly<Record<string, string>>
}

/** A provisioning step that was refused, or got no answer. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError'
  /** `InvalidCertificateOwnershipToken` and the like; `Timeout`, `Disconnected`. */
  readonly code: string

  constructor(step: string, code: string, message: string) {
    super(`${step}: ${code}${message === '' ? '' : `: ${message}`}`)
    this.code = code
  }
}

const CREATE = '$aws/certificates/create-from-csr/json'

/** Between attempts of a step that was throttled: a line of devices shares AWS's ten a second. */
const THROTTLED_BACK_OFF: BackOff = { firstMs: 1000, maxMs: 10_000, jitter: 0.5 }

/**
 * Makes a key, has it certified, and registers with the template.
 *
 * @throws ProvisioningError naming the step and the service's code
 */
export async function provisionByClaim(options: ClaimOptions): Promise<ProvisionedDevice> {
  const { commonName, templateName, parameters, timeoutMs = 30_000 } = options
  const wallClock = options.wallClock ?? new SystemClock()
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName })
  const exchange = new Exchange(options, wallClock)
  const cancel = wallClock.setAlarm(wallClock.nowMs() + timeoutMs, () =>
    exchange.fail('Timeout', `nothing came in ${timeoutMs} ms`),
  )
  try {
    await exchange.connect()
    const made = await exchange.ask(CREATE, { certificateSigningRequest: csrPem })
    const registered = await exchange.ask(
      `$aws/provisioning-templates/${templateName}/provision/json`,
      { certificateOwnershipToken: made['certificateOwnershipToken'], parameters },
    )
    return {
      identity: { privateKeyPem, certificatePem: String(made['certificatePem']) },
      thingName: String(registered['thingName']),
      deviceConfiguration: (registered['deviceConfiguration'] ?? {}) as Record<string, string>,
    }
  } finally {
    cancel()
    await exchange.end()
  }
}

/** One connection with the claim certificate, one request at a time. */
class Exchange {
  readonly #link: MqttLink
  readonly #wallClock: Clock
  readonly #random: Random
  readonly #connected = Promise.withResolvers<void>()
  #step = 'connect'
  #topic = ''
  #body = {}
  #throttled = 0
  #cancelRetry: (() => void) | undefined
  #answer: PromiseWithResolvers<Record<string, unknown>> | undefined

  constructor(options: ClaimOptions, wallClock: Clock) {
    const { claim, commonName, clientId = commonName, random = Math.random } = options
    this.#wallClock = wallClock
    this.#random = random
    this.#link = new MqttLink(
      { ...options, identity: claim, clientId, wallClock, random },
      {
        up: () => this.#connected.resolve(),
        down: ({ kind, detail }) => {
          if (kind !== 'stopped') this.fail('Disconnected', `${kind}: ${detail}`)
        },
        message: (topic, payload) => this.#take(topic, payload),
      },
    )
  }

  async connect(): Promise<void> {
    this.#link.start()
    await this.#connected.promise
  }

  /** Asks and waits, again when throttled; subscribes to the answers first, as AWS's clients do. */
  async ask(topic: string, body: object): Promise<Record<string, unknown>> {
    this.#step = topic
    this.#topic = topic
    this.#body = body
    this.#throttled = 0
    const answer = Promise.withResolvers<Record<string, unknown>>()
    this.#answer = answer
    const sent = this.#send()
    return await Promise.race([answer.promise, sent.then(() => answer.promise)])
  }

  fail(code: string, message: string): void {
    const error = new ProvisioningError(this.#step, code, message)
    this.#connected.reject(error)
    this.#answer?.promise.catch(() => {})
    this.#answer?.reject(error)
  }

  async end(): Promise<void> {
    this.#cancelRetry?.()
    this.#connected.promise.catch(() => {})
    await this.#link.stop()
  }

  async #send(): Promise<void> {
    const topic = this.#topic
    try {
      await this.#link.subscribe([`${topic}/accepted`, `${topic}/rejected`])
      await this.#link.publish(topic, JSON.stringify(this.#body))
    } catch (cause) {
      this.fail('Disconnected', cause instanceof Error ? cause.message : String(cause))
    }
  }

  #take(topic: string, payload: Buffer): void {
    if (!topic.startsWith(`${this.#topic}/`)) return
    let body: Record<string, unknown>
    try {
      body = JSON.parse(payload.toString()) as Record<string, unknown>
    } catch {
      this.fail('InvalidReply', 'the answer is not JSON')
      return
    }
    if (topic.endsWith('/accepted')) this.#answer?.resolve(body)
    else if (body['errorCode'] === 'Throttled') this.#again()
    else this.fail(String(body['errorCode']), String(body['errorMessage']))
  }

  #again(): void {
    const waitMs = backOffMs(THROTTLED_BACK_OFF, this.#throttled++, this.#random())
    const clock = this.#wallClock
    this.#cancelRetry = clock.setAlarm(clock.nowMs() + waitMs, () => void this.#send())
  }
}
