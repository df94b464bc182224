/**
 * What policies amount to: TestAuthorization and GetEffectivePolicies (authz K1 to K4).
 */
import type {
  AuthInfo,
  AuthResult,
  GetEffectivePoliciesRequest,
  GetEffectivePoliciesResponse,
  Policy,
  TestAuthorizationRequest,
  TestAuthorizationResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, nameInArn, refuse, type Outcome } from '@muster/model'
import { bindEvaluator, type Explanation } from '@muster/policy'
import type { Sliced } from '@muster/registry'
import type { DeviceAuthorizer } from '../authorization/device-authorization.ts'
import { deviceFacts, groupArns, type DeviceFactsPorts } from '../authorization/device-facts.ts'

/** What the operations read. */
export interface PolicyTestPorts extends DeviceFactsPorts {
  readonly devices: Pick<DeviceAuthorizer, 'policy' | 'policiesOf'>
  readonly poolRole: PoolRole
}

/** One of the sides that must allow, with its policies as the answer shows them. */
export interface TestedSide {
  explain(action: string, resource: string): Explanation
  readonly shown: readonly Policy[]
}

/**
 * The role of an identity pool: of its guests, or with an identity of who has logged in. Refuses
 * with ResourceNotFoundException an unknown pool.
 */
export type PoolRole = (
  identityPoolId: string,
  identityId: string | undefined,
  clientId: string | undefined,
) => Outcome<TestedSide>

/** Action and ARN type of an `actionType`. */
const actions = {
  CONNECT: ['iot:Connect', 'client'],
  PUBLISH: ['iot:Publish', 'topic'],
  SUBSCRIBE: ['iot:Subscribe', 'topicfilter'],
  RECEIVE: ['iot:Receive', 'topic'],
} as const

/**
 * TestAuthorization (authz K1 to K3, identities I99). Refuses with InvalidRequestException a
 * principal that is none of the account's and an authInfo without action or resource, with
 * ResourceNotFoundException an absent certificate, policy or identity pool.
 */
export function* testAuthorization(
  ports: PolicyTestPorts,
  input: TestAuthorizationRequest,
): Sliced<Outcome<TestAuthorizationResponse>> {
  const sides = testedSides(ports, input)
  if (!sides.ok) return sides
  const authResults: AuthResult[] = []
  for (const authInfo of input.authInfos ?? []) {
    const result = yield* authResult(ports, sides.value, authInfo)
    if (!result.ok) return result
    authResults.push(result.value)
  }
  return accept({ authResults })
}

/** What the test asks: the IoT policies of a principal, the role of a pool, or both (I93). */
function testedSides(
  ports: PolicyTestPorts,
  input: TestAuthorizationRequest,
): Outcome<readonly TestedSide[]> {
  const { principal, cognitoIdentityPoolId } = input
  const sides: TestedSide[] = []
  if (cognitoIdentityPoolId !== undefined) {
    const role = ports.poolRole(cognitoIdentityPoolId, principal, input.clientId)
    if (!role.ok) return role
    sides.push(role.value)
  }
  if (principal === undefined) {
    return sides.length === 0 ? invalidRequest('expected a principal') : accept(sides)
  }
  const found = principalOf(ports, principal)
  if (!found.ok) return found
  const facts = deviceFacts(ports, {
    ...found.value,
    clientId: input.clientId,
    protocol: 'mqtt',
    sourceIp: '',
    domainName: undefined,
    connectAttributes: [],
    lastWillTopic: undefined,
  })
  const skipped = new Set(input.policyNamesToSkip)
  const policies = ports.devices
    .policiesOf(facts.targets)
    .filter(({ policyName }) => !skipped.has(policyName))
  for (const policyName of input.policyNamesToAdd ?? []) {
    const added = ports.devices.policy(policyName)
    if (added === undefined) {
      return refuse('ResourceNotFoundException', `Policy ${policyName} does not exist`)
    }
    if (!policies.includes(added)) policies.push(added)
  }
  // Whoever tests is not the device: its address is a value that is missing (authz K2).
  const context = { ...facts.context, sourceIp: undefined }
  const evaluator = bindEvaluator(policies, context, ports.account)
  const shown = policies.map(({ policyName }) => ({
    policyName,
    policyArn: iotArn(ports.account, 'policy', policyName),
  }))
  return accept([...sides, { explain: (...asked) => evaluator.explain(...asked), shown }])
}

/** authz X23: any explicit deny decides, else all must be allowed, by every side that is asked. */
function* authResult(
  ports: PolicyTestPorts,
  sides: readonly TestedSide[],
  authInfo: AuthInfo,
): Sliced<Outcome<AuthResult>> {
  const known = authInfo.actionType === undefined ? undefined : actions[authInfo.actionType]
  if (known === undefined) return invalidRequest('each of authInfos needs an actionType')
  const [action, type] = known
  const resources = authInfo.resources ?? []
  if (resources.length === 0) {
    return invalidRequest('each of authInfos needs at least one resource')
  }
  const explained: { readonly side: TestedSide; readonly explanations: Explanation[] }[] = []
  for (const side of sides) {
    const explanations: Explanation[] = []
    for (const resource of resources) {
      const arn = resource.startsWith('arn:') ? resource : iotArn(ports.account, type, resource)
      explanations.push(side.explain(action, arn))
      yield
    }
    explained.push({ side, explanations })
  }
  const shown = (
    wanted: (matched: (effect: 'Allow' | 'Deny') => boolean, implicit: boolean) => boolean,
  ): Policy[] =>
    explained.flatMap(({ side, explanations }) => {
      const implicit = explanations.some(({ decision }) => decision === 'implicitDeny')
      return side.shown.filter(({ policyName }) => {
        const matched = (effect: 'Allow' | 'Deny'): boolean =>
          explanations.some(({ statements }) =>
            statements.some(
              (one) => one.policyName === policyName && one.effect === effect && one.matched,
            ),
          )
        return wanted(matched, implicit)
      })
    })
  const all = explained.flatMap(({ explanations }) => explanations)
  const decisions = all.map(({ decision }) => decision)
  return accept({
    authInfo,
    allowed: { policies: shown((matched) => matched('Allow')) },
    denied: {
      implicitDeny: {
        policies: shown((matched, implicit) => implicit && !matched('Allow') && !matched('Deny')),
      },
      explicitDeny: { policies: shown((matched) => matched('Deny')) },
    },
    authDecision: decisions.includes('explicitDeny')
      ? 'EXPLICIT_DENY'
      : decisions.includes('implicitDeny')
        ? 'IMPLICIT_DENY'
        : 'ALLOWED',
    missingContextValues: [
      ...new Set(all.flatMap(({ missingContextValues }) => missingContextValues)),
    ],
  })
}

/**
 * GetEffectivePolicies (authz K4). Refuses with InvalidRequestException when neither a principal
 * nor a thing is named, with ResourceNotFoundException an absent one.
 */
export function getEffectivePolicies(
  ports: PolicyTestPorts,
  input: GetEffectivePoliciesRequest,
): Outcome<GetEffectivePoliciesResponse> {
  const { principal, cognitoIdentityPoolId, thingName } = input
  const targets: string[] = []
  if (principal !== undefined) {
    const found = principalOf(ports, principal)
    if (!found.ok) return found
    targets.push(principal)
  } else if (thingName === undefined && cognitoIdentityPoolId === undefined) {
    return invalidRequest('expected a principal, a thing name or both')
  }
  if (thingName !== undefined) {
    if (ports.registry.thing(thingName) === undefined) {
      return refuse('ResourceNotFoundException', `Thing ${thingName} does not exist`)
    }
    targets.push(...groupArns(ports.registry, thingName))
  }
  return accept({
    effectivePolicies: ports.devices.policiesOf(targets).map(({ policyName }) => ({
      policyName,
      policyArn: iotArn(ports.account, 'policy', policyName),
      policyDocument: ports.registry.defaultPolicyDocument(policyName),
    })),
  })
}

/** A registered certificate, or a Cognito identity, which need not exist (identities I94). */
function principalOf(
  { account, registry }: PolicyTestPorts,
  principal: string,
): Outcome<{ readonly certificateId: string } | { readonly identityId: string }> {
  if (/^[\w-]+:[\w-]+$/.test(principal)) return accept({ identityId: principal })
  const certificateId = nameInArn(account, 'cert', principal)
  if (certificateId === undefined) {
    return invalidRequest(`${principal} is no certificate ARN of this account`)
  }
  if (registry.certificate(certificateId) === undefined) {
    return refuse('ResourceNotFoundException', `Certificate ${certificateId} does not exist`)
  }
  return accept({ certificateId })
}
