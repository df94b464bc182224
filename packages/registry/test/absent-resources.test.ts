/** What is said of resources that are not there, in AWS's words; each operation has its own. */
import type { Outcome } from '@muster/model'
import { expect, it } from 'vitest'
import type { Registry } from '../src/index.ts'
import { arn, newCertificate, ok, openTestRegistry, said } from './open-test-registry.ts'

const ABSENT = arn(`cert/${'ab'.repeat(32)}`)
const accountId = '123456789012'
const noGroup = `Cannot find requested thing group for accountId: ${accountId} and thing group name: G`

interface There {
  readonly registry: Registry
  /** A certificate's ARN. */
  readonly certificate: string
}

type Call = (there: There) => Outcome<unknown>

/** With a thing `T`, a group `H`, a policy `P` and a certificate. */
function open(): There {
  const { registry } = openTestRegistry()
  ok(registry.createThing({ thingName: 'T' }, 0))
  ok(registry.createThingGroup({ thingGroupName: 'H' }, 0))
  ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, 0))
  return { registry, certificate: newCertificate(registry) }
}

it.for<readonly [rule: string, what: string, call: Call, message: string]>([
  [
    'gateway G69',
    'DescribeThing',
    (s) => s.registry.describeThing({ thingName: 'U' }, 0),
    `Thing ${accountId}:U not found.`,
  ],
  [
    'gateway G69',
    'UpdateThing',
    (s) => s.registry.updateThing({ thingName: 'U' }, 0),
    'Thing U not found.',
  ],
  [
    'gateway G68',
    'CreateThing of a type',
    (s) => s.registry.createThing({ thingName: 'U', thingTypeName: 'Y' }, 0),
    `Thing Type ${accountId}:Y not found.`,
  ],
  [
    'gateway G69',
    'UpdateThing to a type',
    (s) => s.registry.updateThing({ thingName: 'T', thingTypeName: 'Y' }, 0),
    `Thing Type ${accountId}:Y not found.`,
  ],
  [
    'gateway G74',
    'DescribeThingType',
    (s) => s.registry.describeThingType({ thingTypeName: 'Y' }, 0),
    `Thing Type ${accountId}:Y not found.`,
  ],
  [
    'gateway G74',
    'UpdateThingType',
    (s) => s.registry.updateThingType({ thingTypeName: 'Y' }, 0),
    `Thing Type ${accountId}:Y not found.`,
  ],
  [
    'gateway G74',
    'DeprecateThingType',
    (s) => s.registry.deprecateThingType({ thingTypeName: 'Y' }, 0),
    `Thing Type ${accountId}:Y not found.`,
  ],
  [
    'gateway G75',
    'DescribeThingGroup',
    (s) => s.registry.describeThingGroup({ thingGroupName: 'G' }, 0),
    `ThingGroup ${accountId}:G not found.`,
  ],
  [
    'gateway G75',
    'UpdateThingGroup',
    (s) => s.registry.updateThingGroup({ thingGroupName: 'G', thingGroupProperties: {} }, 0),
    'Group G does not exist',
  ],
  [
    'gateway G77',
    'ListThingsInThingGroup',
    (s) => s.registry.listThingsInThingGroup({ thingGroupName: 'G' }, 0),
    noGroup,
  ],
  [
    'gateway G77',
    'ListThingGroupsForThing',
    (s) => s.registry.listThingGroupsForThing({ thingName: 'U' }, 0),
    'thing does not exist',
  ],
  [
    'gateway G76',
    'AddThingToThingGroup, no group',
    (s) => s.registry.addThingToThingGroup({ thingGroupName: 'G', thingName: 'U' }, 0),
    noGroup,
  ],
  [
    'gateway G76',
    'AddThingToThingGroup, no thing',
    (s) => s.registry.addThingToThingGroup({ thingGroupName: 'H', thingName: 'U' }, 0),
    'Thing U not found.',
  ],
  [
    'gateway G76',
    'RemoveThingFromThingGroup, no thing',
    (s) => s.registry.removeThingFromThingGroup({ thingGroupName: 'G', thingName: 'U' }, 0),
    'Thing U not found.',
  ],
  [
    'gateway G76',
    'UpdateThingGroupsForThing, no group',
    (s) => s.registry.updateThingGroupsForThing({ thingName: 'T', thingGroupsToAdd: ['G'] }, 0),
    noGroup,
  ],
  [
    'gateway G70',
    'AttachThingPrincipal, no thing',
    ({ registry, certificate: principal }) =>
      registry.attachThingPrincipal({ thingName: 'U', principal }, 0),
    'Failed to attach the principal CERT to thing U because the thing does not exist in your account',
  ],
  [
    'gateway G70',
    'DetachThingPrincipal, no thing',
    ({ registry, certificate: principal }) =>
      registry.detachThingPrincipal({ thingName: 'U', principal }, 0),
    'Failed to detach the principal CERT from thing U because the thing does not exist in your account',
  ],
  [
    'gateway G70',
    'AttachThingPrincipal, no certificate',
    (s) => s.registry.attachThingPrincipal({ thingName: 'T', principal: ABSENT }, 0),
    'The certificate given in the principal does not exist.',
  ],
  [
    'gateway G70',
    'DetachThingPrincipal, no certificate',
    (s) => s.registry.detachThingPrincipal({ thingName: 'T', principal: ABSENT }, 0),
    `Can't detach the principal ${ABSENT} from thing T because the principal does not exist in your account`,
  ],
  [
    'gateway G70',
    'ListThingPrincipals',
    (s) => s.registry.listThingPrincipals({ thingName: 'U' }, 0),
    'Failed to list principals for thingU because the thing does not exist in your account',
  ],
  [
    'gateway G70',
    'ListPrincipalThings',
    (s) => s.registry.listPrincipalThings({ principal: ABSENT }, 0),
    `Can't list things for the principal ${ABSENT} because the principal does not exist in your account`,
  ],
  [
    'authz C4',
    'DeletePolicy',
    (s) => s.registry.deletePolicy({ policyName: 'Q' }, 0),
    'Policy not found',
  ],
  [
    'authz C3',
    'GetPolicy',
    (s) => s.registry.getPolicy({ policyName: 'Q' }, 0),
    'Policy default version not found',
  ],
  [
    'authz C2',
    'CreatePolicyVersion',
    (s) => s.registry.createPolicyVersion({ policyName: 'Q', policyDocument: '{}' }, 0),
    'Policy not found',
  ],
  [
    'authz C3',
    'SetDefaultPolicyVersion',
    (s) => s.registry.setDefaultPolicyVersion({ policyName: 'Q', policyVersionId: '1' }, 0),
    'Policy not found',
  ],
  [
    'authz C2',
    'GetPolicyVersion of no policy',
    (s) => s.registry.getPolicyVersion({ policyName: 'Q', policyVersionId: '1' }, 0),
    'Policy not found',
  ],
  [
    'authz C2',
    'GetPolicyVersion',
    (s) => s.registry.getPolicyVersion({ policyName: 'P', policyVersionId: '9' }, 0),
    'Policy version does not exist (name=P, versionId=9)',
  ],
  [
    'authz C5',
    'DeletePolicyVersion',
    (s) => s.registry.deletePolicyVersion({ policyName: 'P', policyVersionId: '9' }, 0),
    'Policy version does not exist (name=P, versionId=9)',
  ],
  [
    'authz C2',
    'ListPolicyVersions',
    (s) => s.registry.listPolicyVersions({ policyName: 'Q' }, 0),
    'Policy not found',
  ],
  [
    'authz C8',
    'ListTargetsForPolicy',
    (s) => s.registry.listTargetsForPolicy({ policyName: 'Q' }, 0),
    'Policy not found',
  ],
  [
    'authz C8',
    'ListAttachedPolicies',
    (s) => s.registry.listAttachedPolicies({ target: ABSENT }, 0),
    'The certificate given in the principal does not exist.',
  ],
  [
    'authz C9',
    'ListPolicyPrincipals',
    (s) => s.registry.listPolicyPrincipals({ policyName: 'Q' }, 0),
    'Policy not found',
  ],
  [
    'authz C9',
    'DetachPrincipalPolicy',
    ({ registry, certificate: principal }) =>
      registry.detachPrincipalPolicy({ policyName: 'Q', principal }, 0),
    'Policy not found',
  ],
])('%s: %s', ([, , call, message]) => {
  const there = open()
  expect(said(call(there)).replaceAll(there.certificate, 'CERT')).toBe(
    `ResourceNotFoundException: ${message}`,
  )
})

it.for<readonly [rule: string, what: string, call: Call]>([
  [
    'gateway G72',
    'DeleteThing',
    (s) => s.registry.deleteThing({ thingName: 'U', expectedVersion: 7 }, 0),
  ],
  ['gateway G74', 'DeleteThingType', (s) => s.registry.deleteThingType({ thingTypeName: 'Y' }, 0)],
  [
    'gateway G75',
    'DeleteThingGroup',
    (s) => s.registry.deleteThingGroup({ thingGroupName: 'G' }, 0),
  ],
  [
    'gateway G76',
    'RemoveThingFromThingGroup',
    (s) => s.registry.removeThingFromThingGroup({ thingGroupName: 'G', thingName: 'T' }, 0),
  ],
  [
    'gateway G76',
    'RemoveThingFromThingGroup by ARN',
    (s) =>
      s.registry.removeThingFromThingGroup(
        { thingGroupArn: arn('thinggroup/G'), thingName: 'T' },
        0,
      ),
  ],
  [
    'authz C6',
    'DetachPolicy',
    ({ registry, certificate: target }) => registry.detachPolicy({ policyName: 'Q', target }, 0),
  ],
  [
    'gateway G70',
    'DetachThingPrincipal',
    ({ registry, certificate: principal }) =>
      registry.detachThingPrincipal({ thingName: 'T', principal }, 0),
  ],
])('%s: what is gone already succeeds: %s', ([, , call]) => {
  expect(said(call(open()))).toBe('ok')
})
