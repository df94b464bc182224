/**
 * What each actor of a case can do.
 */
import { encode } from 'cborg'
import type { Json, JsonObject } from '../scenario-format.ts'
import type { CallResult } from '../scenario-target.ts'
import { WebSocket } from 'ws'
import type { CaseAccount } from './case-account.ts'
import { CaseClient } from './case-client.ts'
import type { CaseActor, CaseStep } from './case-format.ts'
import type { CaseHost } from './case-host.ts'
import type { CaseCaller } from './case-operator.ts'
import { fillJson, fillSdk } from './case-values.ts'
import { keyOf, RUNNER_KEY, userKey, type CaseKey } from './iam-additions.ts'
import { presignedMqtt, rawRequest } from './raw-request.ts'

/** What a step did, as far as its actor can tell. */
export interface StepOutcome extends Partial<CallResult> {
  readonly upgraded?: boolean
  readonly connected?: boolean
  readonly acknowledged?: boolean
  readonly granted?: readonly number[]
  readonly accepted?: boolean
}

/** What actors act on. */
export interface CaseStage {
  readonly account: CaseAccount
  readonly host: CaseHost
  /** The IAM file as the server has it. */
  readonly iam: JsonObject | undefined
  /** Writes the case's IAM file anew, with the runner's additions. */
  replaceIam(iam: JsonObject): Promise<boolean>
}

type Act = (stage: CaseStage, step: CaseStep) => Promise<StepOutcome>

/** Lets a step's actor act. @throws Error when it cannot even be tried */
export async function act(stage: CaseStage, step: CaseStep): Promise<StepOutcome> {
  return await ACTS[step.actor](stage, step)
}

const ACTS: Readonly<Record<CaseActor, Act>> = {
  operator: callOperation,
  raw: sendRaw,
  'device-mqtt': actOverMqtt,
  'device-https': requestOverHttps,
  'ws-mqtt': actOverWebSocket,
  'iam-file': async (stage, { args }) => {
    const iam = fillJson(args['iam'] ?? {}, stage.account.values) as JsonObject
    return { accepted: await stage.replaceIam(iam) }
  },
  server: async ({ account, host }) => {
    await host.restart()
    account.forgetConnections()
    return {}
  },
  clock: async ({ account }, { args }) => {
    await account.advance(Number(args['seconds']))
    return {}
  },
}

async function callOperation(stage: CaseStage, step: CaseStep): Promise<StepOutcome> {
  const { account } = stage
  const { service = 'iot', op, form } = step
  const args = fillSdk(step.args, account.values) as Parameters<CaseAccount['call']>[2]
  const wanted = form === 'GET' ? `${service} by GET` : service
  return await account.call(wanted, op, args, callerOf(stage, step.as))
}

async function sendRaw(stage: CaseStage, { args }: CaseStep): Promise<StepOutcome> {
  const { account } = stage
  const { httpUrl, region } = account.endpoints
  const filled = fillJson(args, account.values) as JsonObject
  const { form, method = 'POST', path = '/', scope = 'sts' } = filled
  return await rawRequest({
    httpUrl,
    region,
    method: String(method),
    path: String(path),
    scope: String(scope),
    caller: callerOf(stage, args['as']),
    ...(form !== undefined && { form: form as unknown as Record<string, string> }),
  })
}

async function actOverMqtt(stage: CaseStage, { op, args }: CaseStep): Promise<StepOutcome> {
  const { account } = stage
  const name = args['client']
  if (op === 'publish') {
    const filled = fillJson(args, account.values) as JsonObject
    const acknowledged = await account
      .client(name)
      .publish(account.topic(String(filled['topic'])), payloadOf(filled))
    return { acknowledged }
  }
  if (op === 'disconnect') await account.client(name).disconnect()
  else if (op === 'reconnect') await account.connectDevice(String(name ?? account.defaultClient))
  else throw new Error(`device-mqtt has no \`${op}\``)
  return {}
}

async function requestOverHttps({ account }: CaseStage, { args }: CaseStep): Promise<StepOutcome> {
  const filled = fillJson(args, account.values) as JsonObject
  const { method = 'GET', path = '/', body, raw, headers, endpoint } = filled
  const given = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  let hostName: string | undefined
  if (endpoint === 'credentials') {
    const found = await account.must('DescribeEndpoint', { endpointType: 'iot:CredentialProvider' })
    hostName = String(found['endpointAddress'])
  }
  return await account.deviceRequest(args['client'], String(method), String(path), {
    ...(headers !== undefined && { headers: headers as unknown as Record<string, string> }),
    ...(given !== undefined && { body: String(given) }),
    ...(hostName !== undefined && { hostName }),
  })
}

async function actOverWebSocket(
  stage: CaseStage,
  { op, args, as }: CaseStep,
): Promise<StepOutcome> {
  const { account } = stage
  const filled = fillJson(args, account.values) as JsonObject
  const name = String(filled['client'])
  if (op === 'publish') {
    const client = account.client(name)
    return { acknowledged: await client.publish(String(filled['topic']), payloadOf(filled)) }
  }
  if (op === 'subscribe') {
    const filters = filled['filters'] as unknown as readonly string[]
    return { granted: await account.client(name).subscribe(filters) }
  }
  if (op !== 'connect') throw new Error(`ws-mqtt has no \`${op}\``)
  await account.clients.get(name)?.close()
  account.clients.delete(name)
  const caller = callerOf(stage, args['as'] ?? as)
  const key = caller === 'anonymous' ? keyOf('anonymous') : caller
  const { httpUrl, region } = account.endpoints
  const url = await presignedMqtt(httpUrl, region, key, String(filled['token'] ?? 'after'))
  let status: number | undefined
  const opened = await CaseClient.open(url, {
    clientId: String(filled['clientId']),
    protocolVersion: 4,
    createWebsocket: (address, protocols) => {
      const socket = new WebSocket(address, protocols)
      socket.once('upgrade', () => (status = 101))
      socket.once('unexpected-response', (_request, response) => {
        status = response.statusCode
        socket.emit('error', new Error(`the upgrade was answered with ${status}`))
        socket.terminate()
      })
      return socket
    },
  })
  if (opened !== undefined) account.clients.set(name, opened)
  return {
    upgraded: status === 101,
    connected: opened !== undefined,
    ...(status !== undefined && { status }),
  }
}

/** Who signs a step: the runner, a user, root, credentials kept, or nobody. */
function callerOf(stage: CaseStage, as: Json | undefined): CaseCaller {
  if (as === undefined) return RUNNER_KEY
  if (as === 'anonymous') return 'anonymous'
  if (as === 'root') return keyOf('root')
  if (typeof as === 'string' && as.startsWith('user:')) return userKey(stage.iam, as.slice(5))
  if (typeof as === 'string') return keyIn(fillJson(as, stage.account.values))
  const { of, sessionToken } = as as { of: Json; sessionToken: Json }
  const { sessionToken: token = '', ...key } = callerOf(stage, of) as CaseKey
  if (sessionToken === '$none') return key
  return { ...key, sessionToken: flipped(token) }
}

/** Credentials in any spelling. */
function keyIn(value: Json): CaseKey {
  const members = new Map(
    Object.entries(value as JsonObject).map(([name, member]) => [name.toLowerCase(), member]),
  )
  const accessKeyId = members.get('accesskeyid')
  const secretAccessKey = members.get('secretaccesskey') ?? members.get('secretkey')
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error(`no credentials: ${JSON.stringify(value)}`)
  }
  return {
    accessKeyId: String(accessKeyId),
    secretAccessKey: String(secretAccessKey),
    sessionToken: String(members.get('sessiontoken') ?? ''),
  }
}

/** The token with one character changed, in its middle. */
function flipped(token: string): string {
  const place = Math.floor(token.length / 2)
  const other = token[place] === 'A' ? 'B' : 'A'
  return token.slice(0, place) + other + token.slice(place + 1)
}

function payloadOf(args: JsonObject): Uint8Array {
  if (args['cbor'] !== undefined) return encode(bytesIn(args['cbor']))
  const { raw, payload } = args
  return Buffer.from(raw === undefined ? JSON.stringify(payload ?? {}) : String(raw))
}

/** `{"$bytes": base64}` as the bytes it stands for. */
function bytesIn(value: Json): unknown {
  if (Array.isArray(value)) return value.map(bytesIn)
  if (typeof value !== 'object' || value === null) return value
  const { $bytes: base64 } = value as { $bytes?: Json }
  if (base64 !== undefined) return Buffer.from(String(base64), 'base64')
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, member]) => [name, bytesIn(member)]),
  )
}
