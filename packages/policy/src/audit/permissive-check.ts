/**
 * `IOT_POLICY_OVERLY_PERMISSIVE_CHECK` (authz L1 to L7): Allow statements that reach other devices'
 * data.
 */
import type { CompiledPolicy } from '../compile/compiled-policy.ts'
import type { Token } from '../compile/template.ts'
import {
  broadEntry,
  firstSegment,
  onlyWildcards,
  requiresAttachedThing,
  statementsAbout,
} from './coverage.ts'
import type { Finding } from './finding.ts'

/** The reason code of the check, and of its twin for unauthenticated Cognito roles. */
export const broadDataPlane = 'ALLOWS_BROAD_ACCESS_TO_IOT_DATA_PLANE_ACTIONS'

/** An action, the place in the resource where a device's name belongs, and what is too broad there. */
interface BroadGrant {
  readonly action: string
  readonly prefix: string
  readonly broad: (tokens: readonly Token[]) => boolean
  readonly why: string
}

/** L3, L6: any device in place of one. */
const anyDevice = (tokens: readonly Token[]): boolean => onlyWildcards(firstSegment(tokens))

/** L4: MQTT wildcards count too, in filters. */
const anyDeviceInFilter = (tokens: readonly Token[]): boolean => {
  const segment = firstSegment(tokens)
  const [only] = segment
  if (segment.length === 1 && only?.type === 'text') return only.text === '+' || only.text === '#'
  return onlyWildcards(segment)
}

/** L2: any client, or whatever client ID the device claims. */
const anyClient = (tokens: readonly Token[]): boolean =>
  tokens.length > 0 &&
  tokens.every(
    (token) =>
      token.type === 'any' ||
      token.type === 'one' ||
      (token.type === 'variable' && token.key === 'iot:clientid'),
  )

const thingActions = [
  'iot:GetThingShadow',
  'iot:UpdateThingShadow',
  'iot:DeleteThingShadow',
  ...['iot', 'iotjobsdata'].flatMap((service) =>
    [
      'DescribeJobExecution',
      'GetPendingJobExecutions',
      'StartNextPendingJobExecution',
      'UpdateJobExecution',
    ].map((name) => `${service}:${name}`),
  ),
]

const broadGrants: readonly BroadGrant[] = [
  {
    action: 'iot:Connect',
    prefix: 'client/',
    broad: anyClient,
    why: 'lets a device connect as any other: use ${iot:Connection.Thing.ThingName}, or require iot:Connection.Thing.IsAttached',
  },
  {
    action: 'iot:Publish',
    prefix: 'topic/$aws/things/',
    broad: anyDevice,
    why: "lets a device publish to every thing's reserved topics",
  },
  {
    action: 'iot:Subscribe',
    prefix: 'topicfilter/$aws/things/',
    broad: anyDeviceInFilter,
    why: "lets a device subscribe to every thing's reserved topics",
  },
  ...thingActions.map((action) => ({
    action,
    prefix: 'thing/',
    broad: anyDevice,
    why: 'reaches every thing',
  })),
]

/** Broad grants of data-plane actions. */
export function permissiveFindings(
  policy: CompiledPolicy,
  check = 'IOT_POLICY_OVERLY_PERMISSIVE_CHECK',
): readonly Finding[] {
  const findings = new Map<string, Finding>()
  for (const { action, prefix, broad, why } of broadGrants) {
    for (const { index, statement } of statementsAbout(policy, action, 'Allow')) {
      if (action === 'iot:Connect' && requiresAttachedThing(statement)) continue
      const entry = broadEntry(statement, prefix, broad)
      if (entry === undefined) continue
      const same = `${index}\n${entry}\n${why}`
      if (findings.has(same)) continue
      findings.set(same, {
        code: broadDataPlane,
        check,
        level: 'error',
        message: `${action} on \`${entry}\` ${why}`,
        statement: index,
        position: statement.source.resource.position,
      })
    }
  }
  return [...findings.values()]
}
