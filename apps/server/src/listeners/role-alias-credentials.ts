/**
 * The credentials provider on the device listeners (neighbours N104 to N109): a certificate in, keys of
 * a role out. It is no operation of AWS's service models.
 */
import { errorAnswer, type Answer } from '@muster/aws-protocol'
import { roleAliasCredentials, type CredentialsPorts, type RoleAliases } from '@muster/iam'
import { iotArn, refuse, type Outcome, type Refusal } from '@muster/model'
import type { DeviceAuthorization } from '../authorization/authorizer.ts'
import { serverNameOf, type SecureSocket } from './secure-socket.ts'
import type { ReceivedRequest } from '../mount.ts'

/** What the provider works with. */
export interface CredentialsProvider extends CredentialsPorts {
  readonly roleAliases: Pick<RoleAliases, 'get'>
  readonly authorization: DeviceAuthorization
  /** Server clock, epoch milliseconds. */
  readonly nowMs: () => number
  /** The thing of a name where it is attached to the certificate. */
  readonly attachedThing: (
    certificateId: string,
    thingName: string,
  ) => { readonly thingTypeName?: string | undefined } | undefined
  /** Rate quotas (neighbours N113); off when absent. */
  readonly throttled?: () => boolean
}

const PATH = /^\/role-aliases\/([^/]+)\/credentials$/
const THING_HEADER = 'x-amzn-iot-thingname'

/** The role alias that a request asks for; undefined where it asks for something else. */
export function roleAliasAsked({
  method,
  path,
}: Pick<ReceivedRequest, 'method' | 'path'>): string | undefined {
  const [, name] = PATH.exec(path) ?? []
  return method === 'GET' && name !== undefined ? decodeURIComponent(name) : undefined
}

/** One request of a connection. */
export interface CredentialsAsked {
  readonly head: ReceivedRequest
  readonly socket: SecureSocket
  readonly roleAlias: string
  /** undefined where the certificate does not authenticate. */
  readonly certificateId: string | undefined
}

/** Gives keys, or refuses in the order of neighbours N107. */
export function giveCredentials(
  provider: CredentialsProvider,
  asked: CredentialsAsked,
): Outcome<object> {
  if (provider.throttled?.() === true) {
    return refuse('ThrottlingException', 'Rate exceeded for AssumeRoleWithCertificate')
  }
  const { certificateId, head, roleAlias } = asked
  const thingName = thingNameIn(head)
  const attached =
    certificateId === undefined || thingName === undefined
      ? undefined
      : provider.attachedThing(certificateId, thingName)
  return roleAliasCredentials(provider, {
    certificateId,
    thing: thingName === undefined ? undefined : { thingName, attached: !!attached, ...attached },
    isAllowed: () => isAllowed(provider, asked, thingName),
    roleAlias: provider.roleAliases.get(roleAlias),
    sourceIp: head.sourceIp,
    nowMs: provider.nowMs(),
  })
}

/** neighbours N109: judged by the certificate's policies, whether or not there is such an alias. */
function isAllowed(
  { account, authorization }: CredentialsProvider,
  { certificateId = '', head, roleAlias, socket }: CredentialsAsked,
  thingName: string | undefined,
): boolean {
  const authorizer = authorization.bind({
    certificateId,
    clientId: undefined,
    protocol: 'https',
    sourceIp: head.sourceIp,
    domainName: serverNameOf(socket),
    connectAttributes: [],
    lastWillTopic: undefined,
    ...(thingName !== undefined && { thingName }),
  })
  const arn = iotArn(account, 'rolealias', roleAlias)
  const { allowed } = authorizer.decide('iot:AssumeRoleWithCertificate', arn)
  authorizer.release()
  return allowed
}

function thingNameIn({ headers }: ReceivedRequest): string | undefined {
  const name = headers[THING_HEADER]
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** neighbours N106, N107. */
export function credentialsAnswer(outcome: Outcome<object>, requestId: string): Answer {
  if (!outcome.ok) return credentialsError(outcome.error, requestId)
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ credentials: outcome.value }),
  }
}

function credentialsError(refusal: Refusal, requestId: string): Answer {
  return errorAnswer(undefined, refusal, requestId)
}
