/**
 * A server without listeners, for a simulation: the same services and joints, but whoever runs it hands
 * over streams and requests itself, and gives the machine that it runs on.
 */
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { AwsProtocol, errorAnswer, type Answer } from '@muster/aws-protocol'
import type { BrokerConnection } from '@muster/broker'
import type { Authority } from '@muster/pki'
import { accessKeys, type AccessKeys } from './authentication/access-keys.ts'
import { deviceOf, type HandshakeRules } from './authentication/device-certificate.ts'
import { openOperators } from './authentication/operators.ts'
import type { ConnectionAuthorizer } from './authorization/authorizer.ts'
import type { DataFolder } from './data-folder.ts'
import { dispatchDevice } from './listeners/http-device.ts'
import { dispatchSigned } from './listeners/http-signed.ts'
import { certificatePeer } from './listeners/mqtt-certificate.ts'
import { MqttOutbox } from './listeners/mqtt-outbox.ts'
import { attachMqtt } from './listeners/mqtt-socket.ts'
import type { HandshakenSocket } from './listeners/secure-socket.ts'
import { certificateNeeds, issuerBeside, serverDispatch } from './listeners/service-needs.ts'
import type { Machine } from './machine.ts'
import type { Dispatch } from './operations/dispatch.ts'
import { routeRequest } from './operations/service-route.ts'
import type { ServerOptions } from './options.ts'
import { openServices, type Services } from './services.ts'

export { thisMachine, type Machine } from './machine.ts'
export type { HandshakenSocket } from './listeners/secure-socket.ts'
export type { DataFolder } from './data-folder.ts'
export type { Services } from './services.ts'

/** What such a server is opened on. */
export interface InProcessNeeds {
  readonly options: ServerOptions
  readonly folder: DataFolder
  readonly authority: Authority
  readonly machine: Machine
}

/** An HTTP request without its transport. */
export interface InProcessRequest {
  readonly method: string
  /** Raw path and query: `/things/T1/jobs?status=QUEUED`. */
  readonly target: string
  /** JSON text; empty for none. */
  readonly body: string
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A server whose clients are in the same process. */
export interface InProcessServer {
  readonly services: Services
  /** An MQTT client's stream, past its handshake. */
  attach(stream: Duplex & HandshakenSocket): BrokerConnection
  /** A request of a device over HTTPS. */
  askAsDevice(device: HandshakenSocket, request: InProcessRequest): Promise<Answer>
  /**
   * A request of an operator, as if signed with this key.
   *
   * @param scope - credential scope: `iot`, `iotdata`, `iot-jobs-data`
   */
  askAsOperator(accessKeyId: string, scope: string, request: InProcessRequest): Promise<Answer>
}

/** Schemas of all operations: they do not change, and take a while to read. */
const protocol = new AwsProtocol()

/** Opens a server in this process. */
export function openInProcess(needs: InProcessNeeds): InProcessServer {
  const { options, folder, authority, machine } = needs
  const operators = openOperators(options)
  const store = machine.openStore(folder.file('muster.db'))
  const opened = openServices(
    options,
    { folder, store, authority, keepSecrets: () => {} },
    { iam: operators.account, identityPools: [] },
    () => 'https://localhost',
    machine,
  )
  const services: Services = {
    ...opened,
    close: () => {
      opened.close()
      void store.close()
    },
  }
  const rules: HandshakeRules = { strictSni: options.strictSni, wallMs: () => machine.epochMs() }
  const foreignIssuer = issuerBeside(authority.certificatePem)
  const certificates = certificateNeeds(services, rules, foreignIssuer)
  const gateway = {
    broker: services.broker,
    outbox: new MqttOutbox(services.turn),
    setTimer: (fire: () => void, afterMs: number) => machine.setTimer(fire, afterMs),
    connectionBytesPerSecondMax: undefined,
  }
  const dispatch = serverDispatch({ options, services, protocol, iam: operators.account })
  const keys = accessKeys({
    account: operators.account,
    tokens: services.sessions,
    nowMs: () => services.clock.nowMs(),
  })
  const requestId = (): string => machine.uuid()
  return {
    services,
    attach: (stream) => attachMqtt(gateway, stream, certificatePeer(stream, certificates)),
    askAsDevice: (device, request) =>
      askAsDevice({ services, rules, dispatch, requestId: requestId() }, device, request),
    askAsOperator: (accessKeyId, scope, request) =>
      askAsOperator(
        { services, keys, dispatch, requestId: requestId() },
        accessKeyId,
        scope,
        request,
      ),
  }
}

interface Asked {
  readonly services: Services
  readonly dispatch: Dispatch
  readonly requestId: string
}

/** Policies bound to each device's connection once. */
const bound = new WeakMap<Services, WeakMap<HandshakenSocket, ConnectionAuthorizer>>()

async function askAsDevice(
  { services, rules, dispatch, requestId }: Asked & { readonly rules: HandshakeRules },
  device: HandshakenSocket,
  request: InProcessRequest,
): Promise<Answer> {
  const route = routed(request, undefined)
  if (route.kind !== 'operation') throw new Error(`no operation for ${request.target}`)
  const { service } = route.operation
  const known = deviceOf(device, services.registry, rules, () => {})
  if (!known.ok) return errorAnswer(service, known.error, requestId)
  const { certificateId } = known.value
  const sourceIp = device.remoteAddress ?? ''
  const authorizer = (): ConnectionAuthorizer => {
    const all = bound.get(services) ?? new WeakMap<HandshakenSocket, ConnectionAuthorizer>()
    bound.set(services, all)
    const made =
      all.get(device) ??
      services.devices.bind({
        certificateId,
        clientId: undefined,
        protocol: 'https',
        sourceIp,
        domainName: 'localhost',
        connectAttributes: [],
        lastWillTopic: undefined,
      })
    all.set(device, made)
    return made
  }
  return dispatchDevice(
    { dispatch, refusals: services.refusals },
    {
      operation: route.operation,
      source: sourceOf(request, route.labels),
      certificateId,
      sourceIp,
      isGone: () => false,
      requestId,
      authorizer,
    },
  )
}

async function askAsOperator(
  { services, keys, dispatch, requestId }: Asked & { readonly keys: AccessKeys },
  accessKeyId: string,
  scope: string,
  request: InProcessRequest,
): Promise<Answer> {
  const route = routed(request, scope)
  if (route.kind !== 'operation') throw new Error(`no operation for ${request.target}`)
  const key = keys.find(accessKeyId, undefined)
  const identity = key?.identity()
  if (key === undefined || identity === undefined) throw new Error(`no access key ${accessKeyId}`)
  return dispatchSigned(
    { dispatch, authority: services.operators },
    {
      operation: route.operation,
      source: sourceOf(request, route.labels),
      signed: { key, identity, scope },
      sourceIp: '127.0.0.1',
      isGone: () => false,
      requestId,
      transport: {},
    },
  )
}

function routed(
  { method, target }: InProcessRequest,
  scope: string | undefined,
): ReturnType<typeof routeRequest> {
  const { path, query } = split(target)
  return routeRequest(protocol, { method, path, query, host: '', scope })
}

function sourceOf(
  { target, body, headers: given = {} }: InProcessRequest,
  labels: Readonly<Record<string, string>>,
): Parameters<Dispatch>[0]['source'] {
  const { query } = split(target)
  const headers = body === '' ? given : { ...given, 'content-type': 'application/json' }
  return { labels, query, headers, body: Buffer.from(body) }
}

function split(target: string): { path: string; query: Map<string, string[]> } {
  const [path = '', text = ''] = target.split('?')
  const query = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) {
    query.set(name, [...(query.get(name) ?? []), value])
  }
  return { path, query }
}

/** The id of a certificate: what a registry knows it by. */
export function certificateIdOf(raw: Uint8Array): string {
  return createHash('sha256').update(raw).digest('hex')
}
