/**
 * `AUTHENTICATED_COGNITO_ROLE_OVERLY_PERMISSIVE_CHECK` and its unauthenticated twin (authz L10,
 * L11): what the role of a Cognito identity pool lets anybody with the app do.
 */
import { coversAction, type CompiledPolicy } from '../compile/compiled-policy.ts'
import { broadEntry, firstSegment, onlyWildcards, statementsAbout } from './coverage.ts'
import type { Finding } from './finding.ts'
import { permissiveFindings } from './permissive-check.ts'

/** L11: flagged on even one resource. */
const thingWrites = [
  'AddThingToThingGroup',
  'AttachThingPrincipal',
  'CreateThing',
  'DeleteThing',
  'DetachThingPrincipal',
  'ListThings',
  'ListThingsInThingGroup',
  'RegisterThing',
  'RemoveThingFromThingGroup',
  'UpdateThing',
  'UpdateThingGroupsForThing',
].map((name) => `iot:${name}`)

const thingReads = [
  'DescribeThing',
  'ListJobExecutionsForThing',
  'ListThingGroupsForThing',
  'ListThingPrincipals',
].map((name) => `iot:${name}`)

/** A sample of the control plane beyond things: a role that allows one of them is an operator's. */
const otherAdministration = [
  'AttachPolicy',
  'CancelJob',
  'CreateJob',
  'CreateKeysAndCertificate',
  'CreatePolicy',
  'CreateThingGroup',
  'CreateThingType',
  'CreateTopicRule',
  'DeleteCertificate',
  'DeletePolicy',
  'DescribeEndpoint',
  'GetPolicy',
  'ListCertificates',
  'ListJobs',
  'ListPolicies',
  'SearchIndex',
  'UpdateCertificate',
].map((name) => `iot:${name}`)

/** Findings of the check for one kind of role. */
export function cognitoRoleFindings(
  policy: CompiledPolicy,
  authenticated: boolean,
): readonly Finding[] {
  const check = `${authenticated ? '' : 'UN'}AUTHENTICATED_COGNITO_ROLE_OVERLY_PERMISSIVE_CHECK`
  const finding = (code: string, index: number, action: string): Finding => ({
    code,
    check,
    level: 'error',
    message: `the role allows ${action}`,
    statement: index,
    position: policy.statements[index]?.source.action.position ?? { line: 1, column: 1 },
  })
  const allowed = (actions: readonly string[], code: string): readonly Finding[] =>
    policy.statements.flatMap((statement, index) => {
      if (statement.deny) return []
      const action = actions.find((name) => coversAction(statement, name))
      return action === undefined ? [] : [finding(code, index, action)]
    })
  if (!authenticated) {
    return [
      ...allowed(
        [...thingWrites, ...thingReads, ...otherAdministration],
        'ALLOWS_ACCESS_TO_IOT_ADMIN_ACTIONS',
      ),
      ...permissiveFindings(policy, check),
    ]
  }
  const broadReads = thingReads.flatMap((action) =>
    statementsAbout(policy, action, 'Allow')
      .filter(
        ({ statement }) =>
          broadEntry(statement, 'thing/', (tokens) => onlyWildcards(firstSegment(tokens))) !==
          undefined,
      )
      .map(({ index }) =>
        finding(
          'ALLOWS_BROAD_ACCESS_TO_IOT_THING_ADMIN_READ_ACTIONS',
          index,
          `${action} on everything`,
        ),
      ),
  )
  return [
    ...broadReads,
    ...allowed(thingWrites, 'ALLOWS_ACCESS_TO_IOT_THING_ADMIN_WRITE_ACTIONS'),
    ...allowed(otherAdministration, 'ALLOWS_ACCESS_TO_IOT_NON_THING_ADMIN_ACTIONS'),
  ]
}
