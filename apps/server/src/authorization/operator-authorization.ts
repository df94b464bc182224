/**
 * Operators by IAM policies (authz A1, A4), and authenticated Cognito identities by their IoT policies
 * too (identities I93): every permission that a call needs must be allowed, before anything is looked
 * up.
 */
import type { AwsService } from '@muster/aws-protocol'
import type { ConnectFacts } from '@muster/broker'
import {
  cognitoIdentityOf,
  identityKeys,
  keysOfRequest,
  layeredDecider,
  refusalEnding,
  type Identity,
  type IdentityKeys,
  type LayeredDecider,
  type RequestTransport,
} from '@muster/iam'
import { iotArn, refuse, type Account, type Refusal } from '@muster/model'
import { bindEvaluator, contextKeys, type Evaluator, type PolicyContext } from '@muster/policy'

import type { ConnectionAuthorizer } from './authorizer.ts'
import { cognitoJudge } from './cognito-judge.ts'
import { ConnectionDecisions, type Judge } from './connection-decisions.ts'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { DeviceAuthorizer } from './device-authorization.ts'
import { signedPrincipal } from '../decisions/decided-principal.ts'
import { denialOf } from './policy-denial.ts'
import type { Permission } from './operator-permissions.ts'

/** What {@link operatorAuthorization} is made of. */
export interface OperatorAuthorizationPorts {
  readonly account: Account
  readonly decisions: DecisionLog
  /** IoT policies of Cognito identities. */
  readonly devices: Pick<DeviceAuthorizer, 'identity'>
  /** For `aws:CurrentTime`, epoch milliseconds. */
  readonly nowMs: () => number
  /** Tags by ARN, for `aws:ResourceTag/…`; never asked for things and certificates (J13). */
  readonly resourceTags?: (arn: string) => Readonly<Record<string, string>> | undefined
}

/** One signed call. */
export interface OperatorCall {
  readonly service: AwsService | 'cognito-identity'
  /** AWS's name: `CreateThing`. */
  readonly operation: string
  /** What it needs; all must be allowed. */
  readonly permissions: readonly Permission[]
  readonly identity: Identity
  readonly accessKeyId: string
  readonly sourceIp: string
  readonly transport: RequestTransport
}

/** An operator's MQTT over WebSocket connection (authz A4). */
export interface OperatorConnection {
  readonly accessKeyId: string
  readonly clientId: string
  readonly sourceIp: string
  /** Of the upgrade. */
  readonly transport: RequestTransport
  /** SNI host; undefined on the plain HTTP listener. */
  readonly domainName: string | undefined
  /** authz F14. */
  readonly connectAttributes: ConnectFacts['connectAttributes']
  readonly lastWillTopic: string | undefined
}

/** Authorization of operators. */
export interface OperatorAuthorization {
  /**
   * Decides a call.
   *
   * @returns undefined when allowed; `AccessDeniedException` with AWS's sentence on the control
   *   plane (authz I4), `ForbiddenException` on the data planes (I3)
   */
  denial(call: OperatorCall): Refusal | undefined
  /**
   * Decides for an open WebSocket connection.
   *
   * @param identity - asked at every decision, so that a reloaded user file counts at once;
   *   undefined: the access key is gone, and everything is denied
   */
  connection(
    identity: () => Identity | undefined,
    connection: OperatorConnection,
  ): ConnectionAuthorizer
}

/** Makes the server's operator authorization. */
export function operatorAuthorization(ports: OperatorAuthorizationPorts): OperatorAuthorization {
  return {
    denial: (call) => {
      for (const permission of call.permissions) {
        const refusal = permissionDenial(ports, call, permission)
        if (refusal !== undefined) return refusal
      }
      return undefined
    },
    connection: (identity, connection) => operatorConnection(ports, identity, connection),
  }
}

function permissionDenial(
  ports: OperatorAuthorizationPorts,
  call: OperatorCall,
  permission: Permission,
): Refusal | undefined {
  const { accessKeyId, identity, sourceIp, service } = call
  const { action, resource } = permission
  const { context, keys } = callContext(ports, call, permission)
  const role = layeredDecider(identity.layers, context, ports.account)
  const judge = withIotPolicies(role, identity, (identityId) => {
    const attached = ports.devices.identity({
      identityId,
      clientId: undefined,
      protocol: 'https',
      sourceIp,
      domainName: undefined,
      connectAttributes: [],
      lastWillTopic: undefined,
    })
    // Not kept up to date beyond this call.
    attached.release()
    return attached.judge()
  })
  const decision = judge.decide(action, resource)
  if (decision === 'allow') {
    ports.decisions.allowed.of(action).total++
    return undefined
  }
  // It is explained later, by the keys of this moment.
  keys()
  const refusal =
    service === 'iotdata' || service === 'iot-jobs-data'
      ? refuse('ForbiddenException', 'Forbidden').error
      : refuse('AccessDeniedException', refusalSentence(identity, judge, action, resource)).error
  const who = {
    ...signedPrincipal(identity),
    principalId: accessKeyId,
    protocol: 'https',
    sourceIp,
  } as const
  ports.decisions.record(
    denialOf(ports.account, { ...who, effect: decision, action, resource }, refusal.code),
    () => judge.explain(action, resource),
  )
  return refusal
}

/** What policies read of a call; most ask for none of its keys, which are gathered when one does. */
function callContext(
  ports: OperatorAuthorizationPorts,
  { identity, sourceIp, transport }: OperatorCall,
  permission: Permission,
): { readonly context: PolicyContext; readonly keys: () => PolicyContext['keys'] } {
  let known: PolicyContext['keys']
  const keys = (): PolicyContext['keys'] =>
    (known ??= contextKeys({
      ...identityKeys(identity),
      ...keysOfRequest(ports.account, transport),
      ...permission.keys,
      ...resourceTags(ports, permission.resource),
    }))
  // One moment for all of the call, and for its explanation later.
  const nowMs = ports.nowMs()
  const context: PolicyContext = {
    protocol: 'https',
    sourceIp,
    nowMs: () => nowMs,
    get keys() {
      return keys()
    },
  }
  return { context, keys }
}

/** Adds what an authenticated Cognito identity needs besides its role. */
function withIotPolicies(
  role: LayeredDecider,
  identity: Identity,
  attachedTo: (identityId: string) => Evaluator,
): LayeredDecider {
  const cognito = cognitoIdentityOf(identity)
  return cognito?.authenticated === true
    ? cognitoJudge(role, attachedTo(cognito.identityId), cognito.identityId)
    : role
}

/** AWS's sentence (authz I4, identities I27). */
export function refusalSentence(
  { arn }: Identity,
  judge: LayeredDecider,
  action: string,
  resource: string,
): string {
  const ending = refusalEnding(judge.verdict(action, resource), action)
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${ending}`
}

/** authz J13: things and certificates have no resource tags. */
function resourceTags(
  { account, resourceTags: tagsOf }: OperatorAuthorizationPorts,
  resource: string,
): Record<string, string> {
  const untagged = ['thing', 'cert'] as const
  if (untagged.some((type) => resource.startsWith(iotArn(account, type, '')))) return {}
  const tags = tagsOf?.(resource) ?? {}
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value]),
  )
}

function operatorConnection(
  ports: OperatorAuthorizationPorts,
  identity: () => Identity | undefined,
  connection: OperatorConnection,
): ConnectionAuthorizer {
  const first = identity()
  const principal = first && signedPrincipal(first)
  const context = (keys: IdentityKeys, nowMs = ports.nowMs): PolicyContext => ({
    protocol: 'mqtt',
    ...connection,
    nowMs,
    keys: contextKeys(keys),
  })
  const none = bindEvaluator(
    [],
    context({ 'aws:PrincipalArn': principal?.principal ?? '' }),
    ports.account,
  )
  const attached = attachedPolicies(ports, connection)
  const judgeOf = ({ identity: who, policies }: Operator, nowMs?: () => number): Judge => {
    const keys = { ...identityKeys(who), ...keysOfRequest(ports.account, connection.transport) }
    const role = layeredDecider(who.layers, context(keys, nowMs), ports.account)
    return policies === undefined ? role : withIotPolicies(role, who, () => policies)
  }
  let bound: (Operator & { readonly judge: Judge }) | undefined
  const judge = (): Judge => {
    const current = identity()
    if (current === undefined) return none
    const policies = attached.judgeOf(current)
    if (bound?.identity !== current || bound.policies !== policies) {
      const operator = { identity: current, policies }
      bound = { ...operator, judge: judgeOf(operator) }
    }
    return bound.judge
  }
  const judgeOfNow = (judged: Judge): Judge => {
    const nowMs = ports.nowMs()
    return bound?.judge === judged ? judgeOf(bound, () => nowMs) : judged
  }
  return new ConnectionDecisions({
    account: ports.account,
    decisions: ports.decisions,
    principal: () => principal,
    principalId: connection.accessKeyId,
    connection: { ...connection, protocol: 'mqtt' },
    source: { judge, judgeOfNow, release: () => attached.release() },
  })
}

/** What the judge of a connection is made from. */
interface Operator {
  readonly identity: Identity
  readonly policies: Evaluator | undefined
}

/** IoT policies of an open connection's identity; none for any other principal. */
function attachedPolicies(
  { devices }: OperatorAuthorizationPorts,
  { clientId, sourceIp, domainName, connectAttributes, lastWillTopic }: OperatorConnection,
): { judgeOf(identity: Identity): Evaluator | undefined; release(): void } {
  let source: ReturnType<DeviceAuthorizer['identity']> | undefined
  return {
    judgeOf: (identity) => {
      const cognito = cognitoIdentityOf(identity)
      if (cognito?.authenticated !== true) return undefined
      source ??= devices.identity({
        identityId: cognito.identityId,
        clientId,
        protocol: 'mqtt',
        sourceIp,
        domainName,
        connectAttributes,
        lastWillTopic,
      })
      return source.judge()
    },
    release: () => source?.release(),
  }
}
