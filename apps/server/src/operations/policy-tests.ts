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
import { accept, iotArn, nameInArn, refuse, type Outcome } from '@muster/model'
import { bindEvaluator, type Evaluator, type NamedPolicy } from '@muster/policy'
import type { DeviceAuthorizer } from '../authorization/device-authorization.ts'
import { deviceFacts, groupArns, type DeviceFactsPorts } from '../authorization/device-facts.ts'

/** What the operations read. */
export interface PolicyTestPorts extends DeviceFactsPorts {
  readonly devices: Pick<DeviceAuthorizer, 'policy' | 'policiesOf'>
}

/** Action and ARN type of an `actionType`. */
const actions = {
  CONNECT: ['iot:Connect', 'client'],
  PUBLISH: ['iot:Publish', 'topic'],
  SUBSCRIBE: ['iot:Subscribe', 'topicfilter'],
  RECEIVE: ['iot:Receive', 'topic'],
} as const

/**
 * TestAuthorization (authz K1 to K3). Refuses with InvalidRequestException a principal that is no
 * certificate of the account and an authInfo without action or resource, with
 * ResourceNotFoundException an absent certificate or policy.
 */
export function testAuthorization(
  ports: PolicyTestPorts,
  input: TestAuthorizationRequest,
): Outcome<TestAuthorizationResponse> {
  const certificate = certificateOf(ports, input.principal, input.cognitoIdentityPoolId)
  if (!certificate.ok) return certificate
  const facts = deviceFacts(ports, {
    certificateId: certificate.value,
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
  const authResults: AuthResult[] = []
  for (const authInfo of input.authInfos ?? []) {
    const result = authResult(ports, evaluator, policies, authInfo)
    if (!result.ok) return result
    authResults.push(result.value)
  }
  return accept({ authResults })
}

/** authz X23: any explicit deny decides, else all must be allowed. */
function authResult(
  ports: PolicyTestPorts,
  evaluator: Evaluator,
  policies: readonly NamedPolicy[],
  authInfo: AuthInfo,
): Outcome<AuthResult> {
  const known = authInfo.actionType === undefined ? undefined : actions[authInfo.actionType]
  if (known === undefined) {
    return refuse('InvalidRequestException', 'each of authInfos needs an actionType')
  }
  const [action, type] = known
  const resources = authInfo.resources ?? []
  if (resources.length === 0) {
    return refuse('InvalidRequestException', 'each of authInfos needs at least one resource')
  }
  const explanations = resources.map((resource) =>
    evaluator.explain(
      action,
      resource.startsWith('arn:') ? resource : iotArn(ports.account, type, resource),
    ),
  )
  const matched = (effect: 'Allow' | 'Deny'): ReadonlySet<string> =>
    new Set(
      explanations.flatMap(({ statements }) =>
        statements
          .filter((statement) => statement.effect === effect && statement.matched)
          .map(({ policyName }) => policyName),
      ),
    )
  const shown = (wanted: (policyName: string) => boolean): Policy[] =>
    policies
      .filter(({ policyName }) => wanted(policyName))
      .map(({ policyName }) => ({
        policyName,
        policyArn: iotArn(ports.account, 'policy', policyName),
      }))
  const allowing = matched('Allow')
  const denying = matched('Deny')
  const decisions = explanations.map(({ decision }) => decision)
  const implicit = decisions.includes('implicitDeny')
  return accept({
    authInfo,
    allowed: { policies: shown((name) => allowing.has(name)) },
    denied: {
      implicitDeny: {
        policies: implicit ? shown((name) => !allowing.has(name) && !denying.has(name)) : [],
      },
      explicitDeny: { policies: shown((name) => denying.has(name)) },
    },
    authDecision: decisions.includes('explicitDeny')
      ? 'EXPLICIT_DENY'
      : implicit
        ? 'IMPLICIT_DENY'
        : 'ALLOWED',
    missingContextValues: [
      ...new Set(explanations.flatMap(({ missingContextValues }) => missingContextValues)),
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
  if (principal !== undefined || cognitoIdentityPoolId !== undefined) {
    const certificate = certificateOf(ports, principal, cognitoIdentityPoolId)
    if (!certificate.ok) return certificate
    targets.push(iotArn(ports.account, 'cert', certificate.value))
  } else if (thingName === undefined) {
    return refuse('InvalidRequestException', 'expected a principal, a thing name or both')
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

/** The id of a registered certificate; Cognito identities need role policies that nobody has here. */
function certificateOf(
  { account, registry }: PolicyTestPorts,
  principal: string | undefined,
  cognitoIdentityPoolId: string | undefined,
): Outcome<string> {
  if (
    cognitoIdentityPoolId !== undefined ||
    (principal !== undefined && /^[\w-]+:[\w-]+$/.test(principal))
  ) {
    return refuse('InvalidRequestException', 'Amazon Cognito identities are not available here')
  }
  if (principal === undefined) return refuse('InvalidRequestException', 'expected a principal')
  const certificateId = nameInArn(account, 'cert', principal)
  if (certificateId === undefined) {
    return refuse('InvalidRequestException', `${principal} is no certificate ARN of this account`)
  }
  if (registry.certificate(certificateId) === undefined) {
    return refuse('ResourceNotFoundException', `Certificate ${certificateId} does not exist`)
  }
  return accept(certificateId)
}
