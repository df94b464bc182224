/**
 * Rate quotas as AWS sets them by default (gateway section 8, jobs section 8): off unless the
 * operator asks for them (gateway G123). Rates are of wall time, whatever the clock.
 */

/** Calls per second that an account may make. */
interface Rate {
  readonly perSecond: number
  /** Operations with the same bucket share it. */
  readonly bucket?: string
}

const jobsControl = [
  'AssociateTargetsWithJob',
  'CancelJob',
  'CancelJobExecution',
  'CreateJob',
  'CreateJobTemplate',
  'DeleteJob',
  'DeleteJobExecution',
  'DeleteJobTemplate',
  'DescribeJob',
  'DescribeJobExecution',
  'DescribeJobTemplate',
  'DescribeManagedJobTemplate',
  'GetJobDocument',
  'ListJobExecutionsForJob',
  'ListJobExecutionsForThing',
  'ListJobTemplates',
  'ListJobs',
  'ListManagedJobTemplates',
  'UpdateJob',
]

/** "Other certificate operations" of gateway section 8: all but those that make one. */
const certificates = [
  'AcceptCertificateTransfer',
  'CancelCertificateTransfer',
  'DeleteCACertificate',
  'DeleteCertificate',
  'DeleteRegistrationCode',
  'DescribeCACertificate',
  'DescribeCertificate',
  'GetRegistrationCode',
  'ListCACertificates',
  'ListCertificates',
  'ListCertificatesByCA',
  'ListOutgoingCertificates',
  'RegisterCACertificate',
  'RegisterCertificate',
  'RegisterCertificateWithoutCA',
  'RejectCertificateTransfer',
  'TransferCertificate',
  'UpdateCACertificate',
  'UpdateCertificate',
]

/** Control plane, calls per second; an operation that is not listed has no rate. */
const controlRates: Readonly<Record<string, Rate>> = {
  ...each(jobsControl, 10),
  ...each(['CreateThing', 'UpdateThing', 'DeleteThing', 'ListThingGroupsForThing'], 100),
  ...each(['AttachThingPrincipal', 'DetachThingPrincipal', 'AddThingToThingGroup'], 100),
  ...each(['CreateThingGroup', 'ListThingsInThingGroup'], 25),
  ...each(['CreateCertificateFromCsr', 'SearchIndex'], 15),
  ...each(certificates, 10),
  AttachPolicy: { perSecond: 15, bucket: 'attach-policy' },
  // The same operation under its older name (gateway G84).
  AttachPrincipalPolicy: { perSecond: 15, bucket: 'attach-policy' },
  DescribeThing: { perSecond: 350 },
  ListThings: { perSecond: 10 },
  CreateKeysAndCertificate: { perSecond: 10 },
  DescribeEndpoint: { perSecond: 10 },
  GetThingConnectivityData: { perSecond: 350 },
  UpdateIndexingConfiguration: { perSecond: 1 },
}

/** Data planes; what Publish may is the broker's to count, with what is published over MQTT. */
const dataRates: Readonly<Record<string, Rate>> = {
  DescribeJobExecution: { perSecond: 200, bucket: 'jobs-read' },
  GetPendingJobExecutions: { perSecond: 200, bucket: 'jobs-read' },
  StartNextPendingJobExecution: { perSecond: 200, bucket: 'jobs-write' },
  UpdateJobExecution: { perSecond: 200, bucket: 'jobs-write' },
  GetRetainedMessage: { perSecond: 500 },
  ListRetainedMessages: { perSecond: 10 },
  DeleteConnection: { perSecond: 100 },
  GetConnection: { perSecond: 100 },
  ListSubscriptions: { perSecond: 100 },
  SendDirectMessage: { perSecond: 20_000 },
}

/** Once a second for one client identifier, besides (gateway section 8). */
const perClient: ReadonlySet<string> = new Set([
  'DeleteConnection',
  'GetConnection',
  'ListSubscriptions',
])
/** Clients remembered as asked about; those of an earlier second are forgotten above it. */
const CLIENTS_KEPT = 10_000

/** Fleet provisioning over MQTT and just-in-time registration (gateway section 8). */
const provisioningRates: Readonly<Record<string, Rate>> = {
  CreateCertificateFromCsr: { perSecond: 20 },
  CreateKeysAndCertificate: { perSecond: 10 },
  RegisterThing: { perSecond: 10 },
  RegisterJustInTime: { perSecond: 15 },
}

const ratesOfService: Readonly<Record<string, Readonly<Record<string, Rate>>>> = {
  iot: controlRates,
  provisioning: provisioningRates,
}

function each(operations: readonly string[], perSecond: number): Record<string, Rate> {
  return Object.fromEntries(operations.map((operation) => [operation, { perSecond }]))
}

interface Bucket {
  tokens: number
  filledAtMs: number
}

/** Counts calls against their rates; a second's worth may come at once. */
export class RateQuotas {
  readonly #nowMs: () => number
  readonly #buckets = new Map<string, Bucket>()
  /** Operation and client to when it was last let through. */
  readonly #clients = new Map<string, number>()

  /** @param nowMs - wall time in milliseconds, any origin, never decreasing */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /**
   * Counts one call. The data-plane operations of Jobs count the same over MQTT (jobs J113).
   *
   * @param input - of the operation, where a rate is a client's own
   * @returns true when it is over its rate; it is then not counted
   */
  exceeded(service: string, operation: string, input: { clientId?: unknown } = {}): boolean {
    if (!perClient.has(operation)) return this.#exceeded(service, operation)
    const nowMs = this.#nowMs()
    const client = `${operation} ${String(input.clientId)}`
    if (nowMs - (this.#clients.get(client) ?? -Infinity) < 1000) return true
    if (this.#exceeded(service, operation)) return true
    if (this.#clients.size >= CLIENTS_KEPT) this.#forgetClients(nowMs)
    this.#clients.set(client, nowMs)
    return false
  }

  #forgetClients(nowMs: number): void {
    for (const [client, atMs] of this.#clients) {
      if (nowMs - atMs >= 1000) this.#clients.delete(client)
    }
  }

  #exceeded(service: string, operation: string): boolean {
    const rate = (ratesOfService[service] ?? dataRates)[operation]
    if (rate === undefined) return false
    const { perSecond } = rate
    const name = rate.bucket ?? `${service} ${operation}`
    const nowMs = this.#nowMs()
    const bucket = this.#buckets.get(name) ?? { tokens: perSecond, filledAtMs: nowMs }
    const refill = ((nowMs - bucket.filledAtMs) / 1000) * perSecond
    bucket.tokens = Math.min(perSecond, bucket.tokens + refill)
    bucket.filledAtMs = nowMs
    this.#buckets.set(name, bucket)
    if (bucket.tokens < 1) return true
    bucket.tokens -= 1
    return false
  }
}
