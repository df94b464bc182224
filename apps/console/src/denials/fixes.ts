/**
 * What would allow a denied request: changes of policies and attachments, each tried with the
 * server's own rules before it is proposed.
 */
import { connectionThing, type AttachedThing } from '@muster/policy'
import type { ArnAccount } from '../aws/arn.ts'
import { explainHere, type NamedDocument, type RequestFacts } from '../policies/evaluate.ts'
import { policyTargetOf, principalKind, type ExplainedDenial } from './decision.ts'
import { allowingStatement, withDenyTakenBack, withResource, withStatement } from './statements.ts'

/** A change that would allow the request. */
export type Fix = { readonly title: string; readonly description: string } & (
  | {
      /** A new default version. */
      readonly kind: 'version'
      readonly policyName: string
      readonly before: string
      readonly after: string
      /** Said where the change takes protection away. */
      readonly caution?: string
    }
  | {
      /** A new policy, attached to the principal alone. */
      readonly kind: 'policy'
      readonly policyName: string
      readonly after: string
      readonly target: string
    }
  | {
      readonly kind: 'attach'
      readonly policyName: string
      readonly target: string
      readonly after: string
    }
  | { readonly kind: 'thing'; readonly thingName: string; readonly principal: string }
  | { readonly kind: 'activate'; readonly certificateId: string }
)

/** What fixes are found from. */
export interface FixInput {
  readonly denial: ExplainedDenial
  readonly account: ArnAccount
  /** Policies that count for the principal, as they are now. */
  readonly policies: readonly NamedDocument[]
  readonly attached: readonly AttachedThing[]
  /** Policies of the account that do not count for it. */
  readonly others: readonly NamedDocument[]
  /** Whether there is a thing that is named as the client ID. */
  readonly isThing: boolean
  /** AWS's status of the certificate; undefined for other principals. */
  readonly certificateStatus?: string | undefined
}

/** Whether the request would be allowed as things are now: something was mended since. */
export function isMended({
  denial,
  account,
  policies,
  attached,
  certificateStatus,
}: FixInput): boolean {
  if (denial.kind === 'certificate') return certificateStatus === 'ACTIVE'
  if (denial.kind !== 'policy') return false
  const { action, resource } = denial.explanation
  const asked = { account, action, resource }
  const explanation = explainHere(policies, factsOf(denial, attached), asked)
  return typeof explanation !== 'string' && explanation.decision === 'allow'
}

/** Fixes, the narrowest that is usual first; empty where only a person can judge. */
export function fixesFor(input: FixInput): readonly Fix[] {
  const { denial } = input
  if (denial.kind === 'certificate') return activation(input)
  if (denial.kind !== 'policy' || policyTargetOf(denial) === undefined) return []
  const isAllowed = (fix: Fix): boolean => allows(fix, input)
  // Allowing more than the Deny took is proposed only where nothing else allows the request.
  if (denial.explanation.decision === 'explicitDeny') {
    return takingBack(input).filter(isAllowed).slice(0, 1)
  }
  const attached = attaching(input).filter(isAllowed).slice(0, attachedMax)
  return [
    ...[...attachingThing(input), ...widening(input)].filter(isAllowed),
    ...attached,
    ...alone(input).filter(isAllowed),
  ]
}

/** Policies that would do of which so many are proposed. */
const attachedMax = 3

/** What the request comes to with a fix; a text says what is malformed. */
export function explainFixed(fix: Fix, input: FixInput): ReturnType<typeof explainHere> {
  const { denial, account, policies } = input
  const { action, resource } = denial.explanation
  const attached =
    fix.kind === 'thing' ? [...input.attached, { thingName: fix.thingName }] : input.attached
  return explainHere(documentsWith(fix, policies), factsOf(denial, attached), {
    account,
    action,
    resource,
  })
}

function allows(fix: Fix, input: FixInput): boolean {
  const explanation = explainFixed(fix, input)
  return typeof explanation !== 'string' && explanation.decision === 'allow'
}

function documentsWith(fix: Fix, policies: readonly NamedDocument[]): readonly NamedDocument[] {
  switch (fix.kind) {
    case 'version':
      return policies.map((one) =>
        one.policyName === fix.policyName ? { ...one, document: fix.after } : one,
      )
    case 'policy':
    case 'attach':
      return [...policies, { policyName: fix.policyName, document: fix.after }]
    case 'thing':
    case 'activate':
      return policies
  }
}

/** Whoever asked, with the values that the server saw. */
export function factsOf(
  { clientId, principalId, protocol, sourceIp, explanation }: ExplainedDenial,
  attached: readonly AttachedThing[],
): RequestFacts {
  const isCertificate = principalId !== null && /^[0-9a-f]{64}$/.test(principalId)
  const keys = explanation.variables.flatMap(({ name, value }) =>
    value === undefined || /^iot:(clientid|connection\.thing\.)/i.test(name)
      ? []
      : [[name, value] as const],
  )
  return {
    protocol,
    clientId: clientId ?? undefined,
    attached,
    certificateId: isCertificate ? (principalId ?? undefined) : undefined,
    sourceIp,
    keys: Object.fromEntries(keys),
  }
}

function activation({ denial, certificateStatus }: FixInput): readonly Fix[] {
  const { principalId } = denial
  const waits = certificateStatus === 'INACTIVE' || certificateStatus === 'PENDING_ACTIVATION'
  if (!waits || principalId === null) return []
  return [
    {
      kind: 'activate',
      certificateId: principalId,
      title: 'Activate the certificate',
      description: 'The device may connect with it from then on.',
    },
  ]
}

/** A certificate that was never attached to its thing: thing variables have no value. */
function attachingThing(input: FixInput): readonly Fix[] {
  const { clientId, principal } = input.denial
  if (clientId === null || principal === null || !input.isThing) return []
  if (input.attached.length > 0) return []
  return [
    {
      kind: 'thing',
      thingName: clientId,
      principal,
      title: `Attach the certificate to thing ${clientId}`,
      description: 'Policy variables of the thing have a value from the next connection on.',
    },
  ]
}

/** The nearest statement with one more resource, and its policy with one more statement. */
function widening(input: FixInput): readonly Fix[] {
  const { policies, denial } = input
  const { nearestMiss } = denial.explanation
  const statement = allowingStatement(denial, thingOf(input))
  const nearest =
    policies.find(({ policyName }) => policyName === nearestMiss?.policyName) ?? policies[0]
  if (nearest === undefined) return []
  const { policyName, document } = nearest
  const widened =
    nearestMiss?.policyName === policyName && nearestMiss.failed.join(' ') === 'resource'
      ? withResource(document, nearestMiss.statement, statement.Resource)
      : undefined
  const description = `Everything that policy ${policyName} is attached to gets it.`
  const version = { kind: 'version', policyName, before: document, description } as const
  return [
    ...(widened === undefined
      ? []
      : [
          {
            ...version,
            after: widened,
            title: `Add the resource to statement ${nearestMiss?.statement ?? ''} of policy ${policyName}`,
          },
        ]),
    {
      ...version,
      after: withStatement(document, statement),
      title: `Add a statement to policy ${policyName}`,
    },
  ]
}

/** A policy of the account that would allow it, as it stands. */
function attaching(input: FixInput): readonly Fix[] {
  const target = policyTargetOf(input.denial) ?? ''
  if (input.policies.length > 0) return []
  return input.others.map(({ policyName, document }) => ({
    kind: 'attach',
    policyName,
    target,
    after: document,
    title: `Attach policy ${policyName}`,
    description: 'It is there already and allows the request.',
  }))
}

/** A policy for this principal and nobody else. */
function alone(input: FixInput): readonly Fix[] {
  const { denial } = input
  const statement = allowingStatement(denial, thingOf(input))
  const isIdentity = principalKind(denial) === 'identity'
  const taken = new Set([...input.policies, ...input.others].map(({ policyName }) => policyName))
  const name =
    `allow-${denial.action.replace(/^.*:/, '')}-${denial.thingName ?? denial.clientId ?? 'device'}`
      .replaceAll(/[^\w+=,.@-]/g, '-')
      .slice(0, 120)
  let policyName = name
  for (let copy = 2; taken.has(policyName); copy += 1) policyName = `${name}-${copy}`
  return [
    {
      kind: 'policy',
      policyName,
      target: policyTargetOf(denial) ?? '',
      after: withStatement('{"Version":"2012-10-17","Statement":[]}', statement),
      title: `Make a policy for this ${isIdentity ? 'identity' : 'device'} alone`,
      description: `Policy ${policyName} is attached to ${isIdentity ? 'it' : 'its certificate'}; nobody else gets it.`,
    },
  ]
}

function takingBack(input: FixInput): readonly Fix[] {
  const { denial, policies } = input
  const [deny] = denial.explanation.decidedBy
  const policy = policies.find(({ policyName }) => policyName === deny?.policyName)
  if (deny === undefined || policy === undefined) return []
  const { policyName, document } = policy
  const matched =
    denial.explanation.statements
      .find((one) => one.policyName === policyName && one.statement === deny.statement)
      ?.resource.entries.filter((entry) => entry.matched)
      .map(({ entry }) => entry) ?? []
  const after = withDenyTakenBack(document, deny.statement, matched)
  const also = withStatement(after, allowingStatement(denial, thingOf(input)))
  const fix = {
    kind: 'version',
    policyName,
    before: document,
    caution: `Somebody denied this on purpose: everything that policy ${policyName} is attached to loses the Deny.`,
  } as const
  return [
    {
      ...fix,
      after,
      title: `Take the Deny of statement ${deny.statement} back`,
      description: 'What other statements allow is allowed again.',
    },
    {
      ...fix,
      after: also,
      title: `Take the Deny of statement ${deny.statement} back and allow the request`,
      description: 'Nothing else allows it.',
    },
  ]
}

function thingOf({ attached, denial }: FixInput): string | undefined {
  if (denial.protocol !== 'mqtt') return undefined
  return connectionThing(attached, denial.clientId ?? undefined)?.thingName
}
