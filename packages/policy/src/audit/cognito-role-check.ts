/**
 * `AUTHENTICATED_COGNITO_ROLE_OVERLY_PERMISSIVE_CHECK` and its unauthenticated twin (authz L10,
 * L11): what the role of a Cognito identity pool lets anybody with the app do.
 */
import {
  coversAction,
  type CompiledPolicy,
  type CompiledStatement,
} from '../compile/compiled-policy.ts'
import { broadEntry, firstSegment, onlyWildcards, statementsAbout } from './coverage.ts'
import type { Finding } from './finding.ts'
import { dataPlaneActions } from './known-names.ts'
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

/** What wildcards are tried on: a sample of the control plane beyond things. */
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

/** How names of the control plane begin. */
const administrationName =
  /^iot:(?:Accept|Add|Associate|Attach|Cancel|Clear|Confirm|Create|Delete|Deprecate|Describe|Detach|Disable|Disassociate|Enable|Get|List|Put|Register|Reject|Remove|Replace|Search|Set|Start|Stop|Tag|Test|Transfer|Untag|Update|Validate)[A-Z]\w+$/

const otherwiseJudged = new Set([
  ...thingWrites,
  ...thingReads,
  ...Object.keys(dataPlaneActions).map((name) => name.replace(/^iotjobsdata:/, 'iot:')),
])

/** What a statement allows of the control plane beyond things: that makes the role an operator's. */
function administrationOf(statement: CompiledStatement): string | undefined {
  const { not, entries } = statement.source.action
  const named = not
    ? undefined
    : entries.find((name) => administrationName.test(name) && !otherwiseJudged.has(name))
  return named ?? otherAdministration.find((name) => coversAction(statement, name))
}

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
  const allowed = (
    find: (statement: CompiledStatement) => string | undefined,
    code: string,
  ): readonly Finding[] =>
    policy.statements.flatMap((statement, index) => {
      const action = statement.deny ? undefined : find(statement)
      return action === undefined ? [] : [finding(code, index, action)]
    })
  const oneOf =
    (actions: readonly string[]) =>
    (statement: CompiledStatement): string | undefined =>
      actions.find((name) => coversAction(statement, name))
  if (!authenticated) {
    return [
      ...allowed(
        (statement) =>
          oneOf([...thingWrites, ...thingReads])(statement) ?? administrationOf(statement),
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
    ...allowed(oneOf(thingWrites), 'ALLOWS_ACCESS_TO_IOT_THING_ADMIN_WRITE_ACTIONS'),
    ...allowed(administrationOf, 'ALLOWS_ACCESS_TO_IOT_NON_THING_ADMIN_ACTIONS'),
  ]
}
