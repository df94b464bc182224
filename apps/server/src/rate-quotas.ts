/**
 * Rate quotas as AWS sets them by default (gateway section 8, jobs section 8): off unless the
 * operator asks for them (gateway G123). Rates are of wall time, whatever the clock.
 */
import type { AwsService } from '@muster/aws-protocol'

/** Calls per second that an account may make. */
export interface Rate {
  readonly perSecond: number
  /** Operations with the same bucket share it. */
  readonly bucket?: string
  /** Once a second for one client identifier, besides (gateway section 8). */
  readonly perClient?: boolean
  /** Calls per second for one shadow, besides (neighbours N41). */
  readonly perShadow?: number
}

/** Clients and shadows remembered as asked about; those of an earlier second are forgotten above it. */
const CLIENTS_KEPT = 10_000

/** Fleet provisioning over MQTT and just-in-time registration (gateway section 8). */
const provisioningRates: Readonly<Record<string, Rate>> = {
  CreateCertificateFromCsr: { perSecond: 20 },
  CreateKeysAndCertificate: { perSecond: 10 },
  RegisterThing: { perSecond: 10 },
  RegisterJustInTime: { perSecond: 15 },
}

/** Identity pools (identities I89). */
const cognitoRates: Readonly<Record<string, Rate>> = {
  GetId: { perSecond: 25 },
  GetOpenIdToken: { perSecond: 200 },
  GetCredentialsForIdentity: { perSecond: 200 },
  GetOpenIdTokenForDeveloperIdentity: { perSecond: 200 },
}

/** Requests of devices to streams, of the account together (neighbours N91). */
const streamRate: Rate = { perSecond: 1000, bucket: 'streams' }
const streamRates: Readonly<Record<string, Rate>> = {
  DescribeStream: streamRate,
  GetStream: streamRate,
}

/** Role aliases' credentials (neighbours N113). */
const credentialsRates: Readonly<Record<string, Rate>> = {
  AssumeRoleWithCertificate: { perSecond: 50 },
}

/** Services whose rates stand here. */
type OwnRates = 'provisioning' | 'cognito-identity' | 'streams' | 'credentials'
const ownRates: Readonly<Record<OwnRates, Readonly<Record<string, Rate>>>> = {
  provisioning: provisioningRates,
  'cognito-identity': cognitoRates,
  streams: streamRates,
  credentials: credentialsRates,
}

function isOwn(service: AwsService | OwnRates): service is OwnRates {
  return Object.hasOwn(ownRates, service)
}

interface Bucket {
  tokens: number
  filledAtMs: number
}

/** The rate of an AWS operation; undefined: none. */
export type OperationRates = (service: AwsService, operation: string) => Rate | undefined

/** Counts calls against their rates; a second's worth may come at once. */
export class RateQuotas {
  readonly #rateOf: OperationRates
  readonly #nowMs: () => number
  readonly #buckets = new Map<string, Bucket>()
  /** Operation and client to when it was last let through. */
  readonly #clients = new Map<string, number>()
  readonly #shadows = new Map<string, Bucket>()

  /**
   * @param rateOf - rates of operations that have a row of their own
   * @param nowMs - wall time in milliseconds, any origin, never decreasing
   */
  constructor(rateOf: OperationRates, nowMs: () => number) {
    this.#rateOf = rateOf
    this.#nowMs = nowMs
  }

  /**
   * Counts one call. The data-plane operations of Jobs count the same over MQTT (jobs J113).
   *
   * @param input - of the operation, where a rate is a client's or a shadow's own
   * @returns true when it is over its rate; it is then not counted
   */
  exceeded(
    service: AwsService | OwnRates,
    operation: string,
    input: { clientId?: unknown; thingName?: unknown; shadowName?: unknown } = {},
  ): boolean {
    const rate = isOwn(service) ? ownRates[service][operation] : this.#rateOf(service, operation)
    if (rate === undefined) return false
    const bucket = rate.bucket ?? `${service} ${operation}`
    if (rate.perShadow !== undefined) {
      const shadow = `${String(input.thingName)}/${String(input.shadowName ?? '')}`
      if (this.#shadowExceeded(shadow, rate.perShadow)) return true
    }
    if (rate.perClient !== true) return this.#exceeded(bucket, rate)
    const nowMs = this.#nowMs()
    const client = `${operation} ${String(input.clientId)}`
    if (nowMs - (this.#clients.get(client) ?? -Infinity) < 1000) return true
    if (this.#exceeded(bucket, rate)) return true
    if (this.#clients.size >= CLIENTS_KEPT) this.#forgetClients(nowMs)
    this.#clients.set(client, nowMs)
    return false
  }

  #forgetClients(nowMs: number): void {
    for (const [client, atMs] of this.#clients) {
      if (nowMs - atMs >= 1000) this.#clients.delete(client)
    }
  }

  #shadowExceeded(shadow: string, perSecond: number): boolean {
    if (this.#shadows.size >= CLIENTS_KEPT) {
      for (const [name, { filledAtMs }] of this.#shadows) {
        if (this.#nowMs() - filledAtMs >= 1000) this.#shadows.delete(name)
      }
    }
    return this.#exceeded(shadow, { perSecond }, this.#shadows)
  }

  #exceeded(
    name: string,
    { perSecond }: Rate,
    buckets: Map<string, Bucket> = this.#buckets,
  ): boolean {
    const nowMs = this.#nowMs()
    const bucket = buckets.get(name) ?? { tokens: perSecond, filledAtMs: nowMs }
    const refill = ((nowMs - bucket.filledAtMs) / 1000) * perSecond
    bucket.tokens = Math.min(perSecond, bucket.tokens + refill)
    bucket.filledAtMs = nowMs
    buckets.set(name, bucket)
    if (bucket.tokens < 1) return true
    bucket.tokens -= 1
    return false
  }
}
