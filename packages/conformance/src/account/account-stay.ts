/**
 * A stay in an account of others: what was made there, one certificate and one policy for all devices,
 * and the leaving, which removes all of it or says what it could not.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { createDeviceKeyAndCsr } from '@muster/pki'
import type { JsonObject } from '../scenario-format.ts'
import type { CallResult } from '../scenario-target.ts'
import type { MqttEndpoint, WireIdentity } from '../wire-clients.ts'
import { TroubledCall, type AccountCalls, type CallArgs } from './account-calls.ts'
import type { AccountPlace } from './own-names.ts'
import { devicePolicyOf } from './device-policy.ts'
import {
  isGoingSoon,
  isGone,
  madeBy,
  remove,
  removedBy,
  type CleaningCall,
  type Left,
  type Leftover,
  type Made,
} from './removals.ts'

/** Who stays where. */
export interface StayOptions {
  readonly calls: AccountCalls
  /** Beginning of everything that is made. */
  readonly prefix: string
  /** What tells this run from others with the prefix: a few letters and digits. */
  readonly run: string
  readonly place: AccountPlace
  readonly mqtt: MqttEndpoint
  /** HTTPS by certificate, on the same host. */
  readonly httpsPort: number
  /** Silence that counts as quiet, milliseconds. */
  readonly quietMs: number
  /** How long a step may take to bring about what it must, milliseconds. */
  readonly patienceMs: number
}

const REMOVAL_ATTEMPTS = 6
const REMOVAL_WAIT_MS = 500

/** One stay. */
export class AccountStay {
  readonly options: StayOptions
  readonly calls: AccountCalls
  /** What could not be removed. */
  readonly left: Left[] = []
  /** How many were removed, the certificate and the policy too. */
  removed = 0
  #identity: WireIdentity | undefined
  #certificate: { readonly id: string; readonly arn: string } | undefined
  #hasPolicy = false
  #made = new Map<string, Leftover>()
  /** Once the account gave no answer while cleaning up, the rest is told and not tried. */
  #silence: string | undefined

  constructor(options: StayOptions) {
    this.options = options
    this.calls = options.calls
  }

  /** The policy of its devices; it goes last, so that it marks what an earlier run left. */
  get policyName(): string {
    return `${this.options.prefix}-verify`
  }

  /** What all its devices show. */
  get identity(): WireIdentity {
    if (this.#identity === undefined) throw new Error('the stay has not begun')
    return this.#identity
  }

  /** A topic that its devices may publish to and nobody listens on. */
  get barrier(): string {
    return `${this.options.prefix}-verify/barrier`
  }

  /**
   * Makes policy and certificate.
   *
   * @throws Error when a run with this prefix left something; TroubledCall without an answer
   */
  async open(): Promise<void> {
    const { policyName } = this
    const policyDocument = devicePolicyOf(this.options.prefix, this.options.place)
    this.#hasPolicy = true
    const policy = await this.calls.call('iot', 'CreatePolicy', { policyName, policyDocument })
    if (policy.error === 'ResourceAlreadyExistsException') {
      this.#hasPolicy = false
      throw new Error(
        `the account has a policy ${policyName}: another run is under way, or one left something; --clean-up removes it`,
      )
    }
    succeeded('CreatePolicy', policy)
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: policyName })
    const input = { certificateSigningRequest: csrPem, setAsActive: true }
    const made = await this.calls.call('iot', 'CreateCertificateFromCsr', input)
    succeeded('CreateCertificateFromCsr', made)
    const body = made.body as Readonly<Record<string, string>>
    const { certificateArn: arn = '', certificateId: id = '', certificatePem = '' } = body
    this.#certificate = { arn, id }
    this.#identity = { certificatePem, privateKeyPem }
    succeeded(
      'AttachPolicy',
      await this.calls.call('iot', 'AttachPolicy', { policyName, target: arn }),
    )
  }

  /** Makes a call of a scenario and remembers what it makes: also when no answer comes. */
  async call(service: string, operation: string, args: CallArgs): Promise<CallResult> {
    const made = madeBy(operation, args)
    const key = made && keyOf(made)
    const isNew = key !== undefined && !this.#made.has(key)
    if (made !== undefined && isNew) this.track({ ...made, before: [] })
    const result = await this.calls.call(service, operation, args)
    if (isNew && result.status >= 400 && result.status < 500) this.#made.delete(key)
    const gone = result.status < 300 ? removedBy(operation, args) : undefined
    if (gone !== undefined) this.#made.delete(keyOf(gone))
    return result
  }

  /** Remembers something that another program makes, or is about to. */
  track(made: Leftover): void {
    this.#made.set(keyOf(made), made)
  }

  /** Removes what was made since, the last first. */
  async removeMade(): Promise<void> {
    const made = [...this.#made.values()].toReversed()
    this.#made = new Map()
    for (const one of made) await this.#remove(one)
  }

  /** Removes all; never throws. */
  async close(): Promise<void> {
    await this.removeMade()
    const { policyName } = this
    if (this.#certificate !== undefined) {
      const { arn, id } = this.#certificate
      const detached = [['DetachPolicy', { policyName, target: arn }]] as const
      await this.#remove({ kind: 'certificate', name: id, before: detached })
    }
    if (this.#hasPolicy) await this.#remove({ kind: 'policy', name: policyName, before: [] })
  }

  async #remove({ before, kind, name }: Leftover): Promise<void> {
    const made = { kind, name }
    if (this.#silence !== undefined) {
      this.left.push({ ...made, why: this.#silence })
      return
    }
    const call: CleaningCall = (...given) => this.calls.cleaningCall(...given)
    try {
      for (const [operation, args] of before) await call('iot', operation, args)
      const why = await removePatiently(() => remove(made, call))
      if (why === undefined) this.removed += 1
      else this.left.push({ ...made, why })
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      this.left.push({ ...made, why })
      if (cause instanceof TroubledCall) this.#silence = why
    }
  }
}

/**
 * Tries a removal until nothing that it hangs on is going any more.
 *
 * @returns why it is still there; undefined when it is gone
 */
export async function removePatiently(
  removal: () => Promise<CallResult>,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await removal()
    if (isGone(result)) return undefined
    if (attempt >= REMOVAL_ATTEMPTS || !isGoingSoon(result)) return saidBy(result)
    await wait(REMOVAL_WAIT_MS * 2 ** (attempt - 1))
  }
}

function keyOf({ kind, name }: Made): string {
  return `${kind} ${name}`
}

function saidBy({ error, message, body }: CallResult): string {
  return `${error}: ${message ?? JSON.stringify(body)}`
}

function succeeded(operation: string, result: CallResult): JsonObject {
  if (result.status >= 300) throw new Error(`${operation} failed: ${saidBy(result)}`)
  return result.body as JsonObject
}
