/**
 * Operators by IAM policies alone (authz A1, A4): every permission that a call needs must be
 * allowed, before anything is looked up.
 */
import type { AwsService } from '@muster/aws-protocol'
import type { ConnectFacts } from '@muster/broker'
import { iotArn, refuse, type Account, type Refusal } from '@muster/model'
import {
  bindEvaluator,
  bothAllow,
  compilePolicy,
  contextKeys,
  type CompiledPolicy,
  type Decision,
  type Evaluator,
  type NamedPolicy,
  type PolicyContext,
  type PolicyDocument,
} from '@muster/policy'

import type { ConnectionAuthorizer } from './authorizer.ts'
import { ConnectionDecisions, type Judge } from './connection-decisions.ts'
import type { DecisionLog } from './decision-log.ts'
import type { IamIdentity, IamPolicy } from './iam-identity.ts'
import type { Permission } from './operator-permissions.ts'

/** What {@link operatorAuthorization} is made of. */
export interface OperatorAuthorizationPorts {
  readonly account: Account
  readonly decisions: DecisionLog
  /** For `aws:CurrentTime`, epoch milliseconds. */
  readonly nowMs: () => number
  /** Tags by ARN, for `aws:ResourceTag/…`; never asked for things and certificates (J13). */
  readonly resourceTags?: (arn: string) => Readonly<Record<string, string>> | undefined
}

/** One signed call. */
export interface OperatorCall {
  readonly service: AwsService
  /** AWS's name: `CreateThing`. */
  readonly operation: string
  /** What it needs; all must be allowed. */
  readonly permissions: readonly Permission[]
  readonly identity: IamIdentity
  readonly sourceIp: string
}

/** An operator's MQTT over WebSocket connection (authz A4). */
export interface OperatorConnection {
  readonly clientId: string
  readonly sourceIp: string
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
    identity: () => IamIdentity | undefined,
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
  const { identity, sourceIp, service } = call
  const { action, resource } = permission
  const judge = identityJudge(ports, identity, {
    protocol: 'https',
    sourceIp,
    nowMs: ports.nowMs,
    keys: contextKeys({
      ...identityKeys(ports, identity),
      ...permission.keys,
      ...resourceTags(ports, resource),
    }),
  })
  const decision = judge.decide(action, resource)
  if (decision === 'allow') return undefined
  ports.decisions.record(
    {
      effect: decision,
      principal: identity.arn,
      clientId: undefined,
      protocol: 'https',
      sourceIp,
      action,
      resource,
    },
    () => judge.explain(action, resource),
  )
  if (service !== 'iot') return refuse('ForbiddenException', 'Forbidden').error
  return refuse('AccessDeniedException', sentence(identity, judge, action, resource)).error
}

/** AWS's sentence (authz I4); session policies have their own ending. */
function sentence(
  identity: IamIdentity,
  judge: IdentityJudge,
  action: string,
  resource: string,
): string {
  const start = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource}`
  const [own, session] = judge.parts(action, resource)
  if (own === 'explicitDeny') return `${start} with an explicit deny in an identity-based policy`
  if (session === 'explicitDeny') return `${start} with an explicit deny in a session policy`
  const kind = own === 'allow' ? 'session' : 'identity-based'
  return `${start} because no ${kind} policy allows the ${action} action`
}

/** A judge that can tell what each of its two sides says. */
interface IdentityJudge extends Judge {
  parts(action: string, resource: string): readonly [own: Decision, session: Decision | undefined]
}

function identityJudge(
  { account }: OperatorAuthorizationPorts,
  identity: IamIdentity,
  context: PolicyContext,
): IdentityJudge {
  const own = bind(identity.policies, context, account)
  const session =
    identity.sessionPolicies === undefined
      ? undefined
      : bind(identity.sessionPolicies, context, account)
  const decider = session === undefined ? own : bothAllow(own, session)
  return {
    decide: (action, resource) => decider.decide(action, resource),
    decideTopic: (action, topic) => decider.decideTopic(action, topic),
    parts: (action, resource) => [own.decide(action, resource), session?.decide(action, resource)],
    explain: (action, resource) =>
      session === undefined || own.decide(action, resource) !== 'allow'
        ? own.explain(action, resource)
        : session.explain(action, resource),
  }
}

function bind(policies: readonly IamPolicy[], context: PolicyContext, account: Account): Evaluator {
  return bindEvaluator(policies.map(compiled), context, account)
}

const compiledDocuments = new WeakMap<PolicyDocument, CompiledPolicy>()

function compiled({ policyName, document }: IamPolicy): NamedPolicy {
  let policy = compiledDocuments.get(document)
  if (policy === undefined) {
    policy = compilePolicy(document)
    compiledDocuments.set(document, policy)
  }
  return { policyName, compiled: policy }
}

function identityKeys(
  { account }: OperatorAuthorizationPorts,
  { arn, userName, accountId, tags }: IamIdentity,
): Record<string, string> {
  const keys: Record<string, string> = {
    'aws:username': userName,
    'aws:PrincipalArn': arn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': 'User',
    'aws:RequestedRegion': account.region,
  }
  for (const [name, value] of Object.entries(tags)) keys[`aws:PrincipalTag/${name}`] = value
  return keys
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
  identity: () => IamIdentity | undefined,
  connection: OperatorConnection,
): ConnectionAuthorizer {
  const principalArn = identity()?.arn ?? ''
  let boundTo: IamIdentity | undefined
  let judge: Judge | undefined
  const context = (keys: Record<string, string>): PolicyContext => ({
    protocol: 'mqtt',
    ...connection,
    nowMs: ports.nowMs,
    keys: contextKeys(keys),
  })
  return new ConnectionDecisions({
    account: ports.account,
    decisions: ports.decisions,
    principal: () => principalArn,
    connection: { ...connection, protocol: 'mqtt' },
    source: {
      judge: () => {
        const current = identity()
        if (judge === undefined || current !== boundTo) {
          boundTo = current
          judge =
            current === undefined
              ? bindEvaluator([], context({ 'aws:PrincipalArn': principalArn }), ports.account)
              : identityJudge(ports, current, context(identityKeys(ports, current)))
        }
        return judge
      },
      release: () => undefined,
    },
  })
}
