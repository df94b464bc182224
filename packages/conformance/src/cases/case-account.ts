/**
 * One case's account and everything that is open in it: operators, devices, values kept.
 */
import { createDeviceKeyAndCsr } from '@muster/pki'
import { Agent, request } from 'undici'
import type { Json, JsonObject } from '../scenario-format.ts'
import type { CallResult } from '../scenario-target.ts'
import type { CaseClientSetup } from './case-format.ts'
import { CaseClient, type CaseMessage } from './case-client.ts'
import type { CaseEndpoints } from './case-host.ts'
import { CaseOperator, type CaseCaller } from './case-operator.ts'
import type { CaseValues, SdkValue } from './case-values.ts'
import { RUNNER_KEY } from './iam-additions.ts'
import { resultOf } from './raw-request.ts'

/** What a device shows. */
interface CaseIdentity {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** A device of the set-up. */
interface CaseDevice extends CaseIdentity {
  readonly setup: CaseClientSetup
}

const ALLOW_ALL: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['iot:*', 'iotjobsdata:*'], Resource: '*' }],
}
/** Longest wait for quiet (conventions: settling). */
const SETTLE_MS_MAX = 5000
const QUIET_MS = 25

/** An account of one case. */
export class CaseAccount {
  readonly endpoints: CaseEndpoints
  /** Known once the account is open. */
  accountId = ''
  readonly saved: Map<string, Json> = new Map()
  readonly pools: Map<string, string> = new Map()
  /** By name: those of the set-up, and WebSockets. */
  readonly clients: Map<string, CaseClient> = new Map()
  readonly #operator: CaseOperator
  readonly #devices = new Map<string, CaseDevice>()
  readonly #jwt: CaseValues['jwt']
  /** A connection for each request: a server that was restarted has closed the others. */
  readonly #admin = new Agent({ pipelining: 0 })
  #nowMs = 0
  #isVirtual = false

  constructor(endpoints: CaseEndpoints, jwt: CaseValues['jwt']) {
    this.endpoints = endpoints
    this.#jwt = jwt
    this.#operator = new CaseOperator(endpoints.httpUrl, endpoints.region)
  }

  /** The server's clock when last asked, epoch milliseconds. */
  get values(): CaseValues {
    const { region } = this.endpoints
    const { accountId, saved, pools } = this
    return { region, accountId, nowMs: this.#nowMs, saved, pools, jwt: this.#jwt }
  }

  /** Learns what placeholders need: the account's id, the server's clock. */
  async open(): Promise<void> {
    const { accountId } = this.endpoints
    this.accountId =
      accountId ?? String((await this.must('GetCallerIdentity', {}, 'sts'))['Account'])
    await this.nowMs()
  }

  async nowMs(): Promise<number> {
    const { elsewhere } = this.endpoints
    if (elsewhere !== undefined) {
      this.#nowMs = elsewhere.nowMs()
      return this.#nowMs
    }
    const { nowMs, mode } = (await this.admin('clock')) as { nowMs: number; mode: string }
    this.#nowMs = nowMs
    this.#isVirtual = mode === 'virtual'
    return nowMs
  }

  async advance(seconds: number): Promise<void> {
    await this.admin('clock', { advanceSeconds: seconds })
  }

  async call(
    service: string,
    operation: string,
    args: { readonly [member: string]: SdkValue },
    caller: CaseCaller = RUNNER_KEY,
  ): Promise<CallResult> {
    const { elsewhere } = this.endpoints
    if (elsewhere !== undefined) return await elsewhere.call(service, operation, args)
    return await this.#operator.call(service, operation, args, caller)
  }

  /** A call of the set-up, which must succeed. */
  async must(operation: string, args: JsonObject, service = 'iot'): Promise<JsonObject> {
    const { status, error, message, body } = await this.call(service, operation, args)
    if (status >= 300) throw new Error(`${operation} failed: ${status} ${error} ${message ?? ''}`)
    return body as JsonObject
  }

  /** Makes a device of the set-up: its own certificate, its policy, its connection. */
  async addDevice(setup: CaseClientSetup): Promise<void> {
    const { client, subscribe = [] } = setup
    const { elsewhere } = this.endpoints
    this.#devices.set(client, { setup, ...(elsewhere ?? (await this.#certify(setup))) })
    const opened = await this.connectDevice(client)
    if (subscribe.length === 0) return
    const granted = await opened.subscribe(subscribe.map((filter) => this.topic(filter)))
    const refused = subscribe.find((_filter, place) => (granted[place] ?? 128) > 2)
    if (refused !== undefined)
      throw new Error(`client \`${client}\` may not subscribe to ${refused}`)
  }

  async #certify({ client, policy = ALLOW_ALL, thing }: CaseClientSetup): Promise<CaseIdentity> {
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: client })
    const made = await this.must('CreateCertificateFromCsr', {
      certificateSigningRequest: csrPem,
      setAsActive: true,
    })
    const target = String(made['certificateArn'])
    const policyName = `case-${client}`
    await this.must('CreatePolicy', { policyName, policyDocument: JSON.stringify(policy) })
    await this.must('AttachPolicy', { policyName, target })
    await this.must('AttachThingPrincipal', { thingName: thing, principal: target })
    return { certificatePem: String(made['certificatePem']), privateKeyPem }
  }

  /** Connects a device of the set-up, anew where it was; what it had subscribed is its session's. */
  async connectDevice(name: string): Promise<CaseClient> {
    const { setup, certificatePem, privateKeyPem } = this.#device(name)
    const { protocol = 4, clean = true } = setup
    const { dataHost, mqttPort, caPem, elsewhere } = this.endpoints
    await this.clients.get(name)?.close()
    const opened = await CaseClient.open(`mqtts://${dataHost}:${mqttPort}`, {
      clientId: elsewhere?.clientId(name) ?? name,
      ...(caPem !== undefined && { ca: caPem }),
      cert: certificatePem,
      key: privateKeyPem,
      protocolVersion: protocol,
      clean,
      ...(protocol === 5 && !clean && { properties: { sessionExpiryInterval: 3600 } }),
    })
    if (opened === undefined) throw new Error(`client \`${name}\` could not connect`)
    this.clients.set(name, opened)
    return opened
  }

  /** The client of a name; the first of the set-up without one. */
  client(name: Json | undefined): CaseClient {
    const [first] = this.#devices.keys()
    const wanted = name === undefined ? first : String(name)
    const found = this.clients.get(wanted ?? '')
    if (found === undefined) throw new Error(`no client \`${wanted}\``)
    return found
  }

  /** A topic or filter as the account has it. */
  topic(topic: string): string {
    return this.endpoints.elsewhere?.topic(topic) ?? topic
  }

  /** Takes what each client received, in the words of the case. */
  takeMessages(): Map<string, readonly CaseMessage[]> {
    const { elsewhere } = this.endpoints
    const read = (message: CaseMessage): CaseMessage =>
      elsewhere === undefined
        ? message
        : {
            ...message,
            topic: String(elsewhere.back(message.topic)),
            payload: elsewhere.back(message.payload),
          }
    return new Map([...this.clients].map(([name, client]) => [name, client.take().map(read)]))
  }

  /** The name of the client that messages without one belong to. */
  get defaultClient(): string {
    return this.#devices.keys().next().value ?? this.clients.keys().next().value ?? ''
  }

  /**
   * An HTTPS request with a device's certificate.
   *
   * @param hostName - another name of the server than its data endpoint's
   */
  async deviceRequest(
    name: Json | undefined,
    method: string,
    path: string,
    more: { headers?: Record<string, string>; body?: string; hostName?: string },
  ): Promise<CallResult> {
    const { dataHost, httpsPort, caPem, elsewhere } = this.endpoints
    const device = this.#device(name === undefined ? this.defaultClient : String(name))
    const { hostName = dataHost, headers = {}, body } = more
    const dispatcher = new Agent({
      connect: {
        ...(caPem !== undefined && { ca: caPem }),
        cert: device.certificatePem,
        key: device.privateKeyPem,
        servername: hostName,
      },
    })
    try {
      const there = elsewhere?.path(path) ?? path
      const answer = await request(`https://${dataHost}:${httpsPort}${there}`, {
        method: method as 'GET',
        dispatcher,
        headers: { ...headers, host: hostName },
        ...(body !== undefined && { body }),
      })
      const result = resultOf(answer.statusCode, answer.headers, await answer.body.text())
      return elsewhere === undefined ? result : { ...result, body: elsewhere.back(result.body) }
    } finally {
      await dispatcher.close()
    }
  }

  /** Waits until all is quiet, and longer while `isMissing` something, five seconds at most. */
  async settle(isMissing: () => boolean): Promise<void> {
    const beganMs = performance.now()
    const quietMs = this.endpoints.elsewhere?.quietMs ?? QUIET_MS
    for (;;) {
      // The server answers once all work due now is done and its messages are written.
      if (this.#isVirtual) await this.advance(0)
      const open = [...this.clients.values()]
      await Promise.all(open.map((client) => client.barrier()))
      const nowMs = performance.now()
      const lastMs = Math.max(beganMs, ...open.map((client) => client.lastReceivedMs))
      const isQuiet = nowMs - lastMs >= quietMs
      if ((isQuiet && !isMissing()) || nowMs - beganMs >= SETTLE_MS_MAX + quietMs) return
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    }
  }

  async admin(path: string, body?: JsonObject): Promise<Json> {
    const { httpUrl, adminToken } = this.endpoints
    const answer = await request(`${httpUrl}/_muster/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      dispatcher: this.#admin,
      ...(adminToken !== undefined && { headers: { authorization: `Bearer ${adminToken}` } }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}: ${text}`)
    return JSON.parse(text) as Json
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()))
    this.#operator.destroy()
    await this.#admin.close()
  }

  /** After a restart: connections to the server that was are of no use. */
  forgetConnections(): void {
    this.#operator.destroy()
  }

  #device(name: string): CaseDevice {
    const device = this.#devices.get(name)
    if (device === undefined) throw new Error(`no device \`${name}\``)
    return device
  }
}
