/** Managed policies: declared in the file, or built in under AWS's own ARNs (identities I5). */
import { compilePolicy, parsePolicy, type NamedPolicy } from '@muster/policy'
import { documentCharacters, documentCharactersMax, identityDocument } from './documents.ts'
import { DistinctNames, each, fault, nameOf, object, pathOf, text } from './fields.ts'

const awsPrefix = 'arn:aws:iam::aws:policy/'

const everything = '*'
const builtInStatements: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: [everything],
  AWSIoTFullAccess: ['iot:*', 'iotjobsdata:*'],
  AWSIoTDataAccess: [
    'iot:Connect',
    'iot:Publish',
    'iot:Subscribe',
    'iot:Receive',
    'iot:GetThingShadow',
    'iot:UpdateThingShadow',
    'iot:DeleteThingShadow',
    'iot:ListNamedShadowsForThing',
  ],
}

const builtIn: ReadonlyMap<string, NamedPolicy> = new Map(
  Object.entries(builtInStatements).map(([policyName, actions]) => [
    `${awsPrefix}${policyName}`,
    allowing(policyName, actions),
  ]),
)

/** The policy that allows everything, as AWS names it. */
export const administratorAccess: NamedPolicy = allowing('AdministratorAccess', [everything])

function allowing(policyName: string, actions: readonly string[]): NamedPolicy {
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  }
  const parsed = parsePolicy(JSON.stringify(document), 'iam')
  if (!parsed.ok) throw new Error(`a built-in policy does not parse: ${parsed.error.message}`)
  return { policyName, compiled: compilePolicy(parsed.value) }
}

/** Reads `policies[]`; the result has the built-in ones too, which a declared one may replace. */
export function readManagedPolicies(
  value: unknown,
  path: string,
  accountId: string,
): ReadonlyMap<string, NamedPolicy> {
  const policies = new Map(builtIn)
  const names = new DistinctNames()
  each(value, path, (item, place) => {
    const fields = object(item, place, ['policyName', 'path', 'arn', 'document'])
    const policyName = nameOf(fields.policyName, `${place}.policyName`, 128)
    const own = `arn:aws:iam::${accountId}:policy${pathOf(fields.path, `${place}.path`)}${policyName}`
    const arn = fields.arn === undefined ? own : text(fields.arn, `${place}.arn`)
    if (arn !== own && !(arn.startsWith(awsPrefix) && arn.endsWith(policyName))) {
      fault(`${place}.arn`, `expected ${own} or an ARN of AWS's own, found \`${arn}\``)
    }
    // AWS's own policies have a name space of their own.
    names.add(arn === own ? policyName : arn, `${place}.policyName`)
    const characters = documentCharacters(fields.document)
    if (arn === own && characters > documentCharactersMax.managed) {
      fault(
        `${place}.document`,
        `expected at most ${documentCharactersMax.managed} characters, found ${characters}`,
      )
    }
    policies.set(arn, identityDocument(fields.document, `${place}.document`, policyName))
  })
  return policies
}

/** Looks a reference up. */
export function managedPolicy(
  policies: ReadonlyMap<string, NamedPolicy>,
  value: unknown,
  path: string,
): NamedPolicy {
  const arn = text(value, path)
  const policy = policies.get(arn)
  if (policy !== undefined) return policy
  if (arn.startsWith(awsPrefix)) {
    fault(path, `\`${arn}\` is not built in: declare it under policies with its own document`)
  }
  return fault(path, `\`${arn}\` is not declared under policies`)
}

/** Most managed policies an entity may have, and most before a warning (identities I10). */
export const managedPoliciesMax = { quota: 10, raised: 20 } as const

/** Reads `managedPolicies` of a user, group or role. */
export function managedPoliciesOf(
  policies: ReadonlyMap<string, NamedPolicy>,
  value: unknown,
  path: string,
  warn: (warning: string) => void,
): readonly NamedPolicy[] {
  const found = each(value, path, (item, place) => managedPolicy(policies, item, place))
  if (found.length > managedPoliciesMax.raised) {
    fault(path, `expected at most ${managedPoliciesMax.raised} policies, found ${found.length}`)
  }
  if (found.length > managedPoliciesMax.quota) {
    warn(
      `${path}: ${found.length} managed policies; AWS allows ${managedPoliciesMax.quota} unless the quota is raised`,
    )
  }
  return [...new Set(found)]
}
