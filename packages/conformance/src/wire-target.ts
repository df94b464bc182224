/**
 * Scenarios against a server over its public wire; only clock and reset use the admin API.
 */
import { createDeviceKeyAndCsr } from '@muster/pki'
import { rawIot, rawJobsData, type RawSdk, type SdkEndpoint } from './raw-sdk-call.ts'
import type { Json, JsonObject } from './scenario-format.ts'
import type { CallResult, ReceivedMessage, ScenarioTarget } from './scenario-target.ts'
import { WireClient, type MqttEndpoint, type WireIdentity } from './wire-clients.ts'

/** Where a server is. */
export interface WireEndpoints {
  /** Control plane, and everything SigV4. */
  readonly control: SdkEndpoint
  /** Jobs data plane; the control plane's when absent. */
  readonly jobsData?: SdkEndpoint
  readonly mqtt: MqttEndpoint
  /** `http://127.0.0.1:4566/_muster`; absent against AWS, where nothing moves the clock. */
  readonly admin?: { readonly url: string; readonly token?: string }
}

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }],
})
/** Longest wait for quiet (conventions: settling). */
const SETTLE_MS_MAX = 5000
/** Silence that counts as quiet: this server, and AWS, whose work takes its time. */
const QUIET_MS = 25
const QUIET_MS_WITHOUT_ADMIN = 2000
const OBSERVER = 'muster-verify-observer'

interface Certificate extends WireIdentity {
  readonly arn: string
  readonly id: string
}

/** A server by its endpoints. */
export class WireTarget implements ScenarioTarget {
  readonly region: string
  /** Known once the first scenario began: the policy's ARN tells it. */
  accountId = ''
  readonly #endpoints: WireEndpoints
  readonly #iot: RawSdk
  readonly #jobsData: RawSdk
  readonly #clients = new Map<string, WireClient>()
  readonly #certificates = new Map<string, Certificate>()
  #undo: (() => Promise<unknown>)[] = []
  #policy = ''
  #virtual = false
  #run = 0

  constructor(endpoints: WireEndpoints) {
    this.#endpoints = endpoints
    this.region = endpoints.control.region
    this.#iot = rawIot(endpoints.control)
    this.#jobsData = rawJobsData(endpoints.jobsData ?? endpoints.control)
  }

  async reset(): Promise<void> {
    await this.#cleanUp()
    this.#run += 1
    if (this.#endpoints.admin !== undefined) await this.#admin('reset', {})
    this.#policy = `muster-verify-${process.pid}-${this.#run}`
    const input = { policyName: this.#policy, policyDocument: POLICY }
    const { policyArn } = (await this.#must('CreatePolicy', input)) as { policyArn: string }
    this.accountId = policyArn.split(':')[4] ?? ''
    this.#undo.push(() => this.#iot.call('DeletePolicy', { policyName: this.#policy }))
    await this.#open(OBSERVER, ['$aws/events/#'], isObservedEvent)
  }

  async nowMs(): Promise<number> {
    if (this.#endpoints.admin === undefined) return Date.now()
    const { nowMs, mode } = (await this.#admin('clock')) as { nowMs: number; mode: string }
    this.#virtual = mode === 'virtual'
    return nowMs
  }

  async advance(seconds: number): Promise<void> {
    if (this.#endpoints.admin === undefined) throw new Error('this endpoint has no clock to move')
    await this.#admin('clock', { advanceSeconds: seconds })
  }

  async operator(operation: string, args: JsonObject): Promise<CallResult> {
    const result = await this.#iot.call(operation, args)
    if (result.status === 200) this.#remember(operation, args)
    return result
  }

  deviceHttps(operation: string, args: JsonObject): Promise<CallResult> {
    return this.#jobsData.call(operation, args)
  }

  async connect(client: string, thingName: string, filters: readonly string[]): Promise<void> {
    const known = this.#certificates.get(thingName)
    await this.#open(client, filters, isServiceMessage, thingName, known)
  }

  async publish(client: string, topic: string, payload: string): Promise<void> {
    const open = this.#clients.get(client)
    if (open === undefined) throw new Error(`no client \`${client}\` is connected`)
    await open.publish(topic, payload)
  }

  async beforeDeleteThing(thingName: string): Promise<void> {
    const certificate = this.#certificates.get(thingName)
    if (certificate === undefined) return
    await this.#iot.call('DetachThingPrincipal', { thingName, principal: certificate.arn })
  }

  async settle(): Promise<void> {
    if (this.#virtual) {
      // The server answers once all work due now is done and its messages are written; what it
      // wrote has arrived when the barriers come back.
      await this.#admin('clock', { advanceSeconds: 0 })
      await this.#barriers()
      return
    }
    const startedMs = performance.now()
    const { admin } = this.#endpoints
    const quietMs = admin === undefined ? QUIET_MS_WITHOUT_ADMIN : QUIET_MS
    for (;;) {
      await this.#barriers()
      const nowMs = performance.now()
      const lastMs = Math.max(
        startedMs,
        ...[...this.#clients.values()].map((client) => client.lastReceivedMs),
      )
      if (nowMs - lastMs >= quietMs || nowMs - startedMs >= SETTLE_MS_MAX) return
      await new Promise((resolve) => setTimeout(resolve, quietMs - (nowMs - lastMs)))
    }
  }

  takeReceived(client: string): readonly ReceivedMessage[] {
    return this.#clients.get(client)?.take() ?? []
  }

  takeEvents(): readonly ReceivedMessage[] {
    return this.takeReceived(OBSERVER)
  }

  async close(): Promise<void> {
    await this.#cleanUp()
    this.#iot.destroy()
    this.#jobsData.destroy()
  }

  async #barriers(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.barrier()))
  }

  async #open(
    client: string,
    filters: readonly string[],
    keeps: (topic: string) => boolean,
    thingName?: string,
    known?: Certificate,
  ): Promise<void> {
    const certificate = known ?? (await this.#certify(thingName))
    await this.#clients.get(client)?.close()
    const clientId = `${client}-${this.#run}`
    const { mqtt } = this.#endpoints
    this.#clients.set(client, await WireClient.open(mqtt, certificate, clientId, filters, keeps))
  }

  /** A certificate that may do everything, attached to the thing if one is named. */
  async #certify(thingName: string | undefined): Promise<Certificate> {
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName ?? OBSERVER })
    const made = (await this.#must('CreateCertificateFromCsr', {
      certificateSigningRequest: csrPem,
      setAsActive: true,
    })) as { certificateArn: string; certificateId: string; certificatePem: string }
    const { certificateArn: arn, certificateId: id, certificatePem } = made
    const target = arn
    await this.#must('AttachPolicy', { policyName: this.#policy, target })
    if (thingName !== undefined) {
      await this.#must('AttachThingPrincipal', { thingName, principal: arn })
    }
    const certificate = { arn, id, certificatePem, privateKeyPem }
    if (thingName !== undefined) this.#certificates.set(thingName, certificate)
    this.#undo.push(async () => {
      const policyName = this.#policy
      if (thingName !== undefined) {
        await this.#iot.call('DetachThingPrincipal', { thingName, principal: arn })
      }
      await this.#iot.call('DetachPolicy', { policyName, target })
      await this.#iot.call('UpdateCertificate', { certificateId: id, newStatus: 'INACTIVE' })
      await this.#iot.call('DeleteCertificate', { certificateId: id, forceDelete: true })
    })
    return certificate
  }

  async #must(operation: string, args: JsonObject): Promise<Json> {
    const result = await this.#iot.call(operation, args)
    if (result.status >= 300) {
      throw new Error(`${operation} failed: ${result.error} ${JSON.stringify(result.body)}`)
    }
    return result.body
  }

  /** What to undo where no reset empties the account. */
  #remember(operation: string, args: JsonObject): void {
    if (this.#endpoints.admin !== undefined) return
    const undo: Readonly<Record<string, readonly [string, JsonObject]>> = {
      CreateJob: ['DeleteJob', { jobId: args['jobId'] ?? '', force: true }],
      CreateJobTemplate: ['DeleteJobTemplate', { jobTemplateId: args['jobTemplateId'] ?? '' }],
      CreateThing: ['DeleteThing', { thingName: args['thingName'] ?? '' }],
      CreateThingGroup: ['DeleteThingGroup', { thingGroupName: args['thingGroupName'] ?? '' }],
    }
    const [inverse, inverseArgs] = undo[operation] ?? []
    if (inverse === undefined || inverseArgs === undefined) return
    this.#undo.push(() => this.#iot.call(inverse, inverseArgs))
  }

  async #cleanUp(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()))
    this.#clients.clear()
    this.#certificates.clear()
    const undo = this.#undo.toReversed()
    this.#undo = []
    if (this.#endpoints.admin !== undefined) return
    // What a scenario deleted itself is gone already.
    for (const step of undo) await step().catch(() => undefined)
  }

  async #admin(path: string, body?: JsonObject): Promise<Json> {
    const { url, token } = this.#endpoints.admin ?? { url: '' }
    const response = await fetch(`${url}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    return JSON.parse(text) as Json
  }
}

/** Replies and notifications; requests that a filter also matches do not count. */
function isServiceMessage(topic: string): boolean {
  return /\/(accepted|rejected|notify|notify-next|notify-namespace-[^/]+)$/.test(topic)
}

/** The runner's own clients come and go: their presence is not part of a scenario. */
function isObservedEvent(topic: string): boolean {
  return !/^\$aws\/events\/(presence|subscriptions)\//.test(topic)
}
