/** Operations of Cognito identity pools that are served, a row each (identities I69, I70). */
import {
  createIdentityPool,
  deleteIdentities,
  deleteIdentityPool,
  describeIdentity,
  describeIdentityPool,
  getCredentialsForIdentity,
  getId,
  getIdentityPoolRoles,
  getOpenIdToken,
  getOpenIdTokenForDeveloperIdentity,
  listIdentities,
  listIdentityPools,
  listPoolTags,
  lookupDeveloperIdentity,
  rolesOf,
  setIdentityPoolRoles,
  tagPool,
  untagPool,
  updateIdentityPool,
  type CognitoCall,
  type CognitoOutcome,
  type CognitoState,
  type PoolRoles,
} from '@muster/cognito'
import type { Account } from '@muster/model'
import type { Permission } from '../authorization/operator-permissions.ts'

/** One operation; its input was read by the SDK's schema of the same operation. */
export interface CognitoRow {
  readonly rule: (state: CognitoState, input: never, call: CognitoCall) => CognitoOutcome<object>
  /** What it needs of who signed; undefined: nobody signs it. */
  readonly permissions: ((account: Account, input: never) => readonly Permission[]) | undefined
}

interface PoolInput {
  readonly IdentityPoolId: string
}

function poolArn({ region, accountId }: Account, poolId: string): string {
  return `arn:aws:cognito-identity:${region}:${accountId}:identitypool/${poolId}`
}

const onPool =
  (name: string) =>
  (account: Account, { IdentityPoolId }: PoolInput): readonly Permission[] => [
    { action: `cognito-identity:${name}`, resource: poolArn(account, IdentityPoolId) },
  ]

const onAll = (name: string) => (): readonly Permission[] => [
  { action: `cognito-identity:${name}`, resource: '*' },
]

const onResource =
  (name: string) =>
  (_: Account, { ResourceArn }: { readonly ResourceArn: string }): readonly Permission[] => [
    { action: `cognito-identity:${name}`, resource: ResourceArn },
  ]

function createPermissions(
  _: Account,
  { IdentityPoolTags = {} }: { readonly IdentityPoolTags?: Readonly<Record<string, string>> },
): readonly Permission[] {
  const names = ['CreateIdentityPool']
  if (Object.keys(IdentityPoolTags).length > 0) names.push('TagResource')
  return names.map((name) => ({ action: `cognito-identity:${name}`, resource: '*' }))
}

/** Each role is passed, which is a right of its own (identities I74). */
function rolesPermissions(account: Account, input: PoolInput & PoolRoles): readonly Permission[] {
  return [
    ...onPool('SetIdentityPoolRoles')(account, input),
    ...rolesOf(input).map((resource) => ({ action: 'iam:PassRole', resource })),
  ]
}

/** Rows by AWS's names; an operation without one answers 501 naming itself. */
export const cognitoRows: Readonly<Record<string, CognitoRow>> = {
  CreateIdentityPool: { rule: createIdentityPool, permissions: createPermissions },
  UpdateIdentityPool: { rule: updateIdentityPool, permissions: onPool('UpdateIdentityPool') },
  DescribeIdentityPool: { rule: describeIdentityPool, permissions: onPool('DescribeIdentityPool') },
  ListIdentityPools: { rule: listIdentityPools, permissions: onAll('ListIdentityPools') },
  DeleteIdentityPool: { rule: deleteIdentityPool, permissions: onPool('DeleteIdentityPool') },
  SetIdentityPoolRoles: { rule: setIdentityPoolRoles, permissions: rolesPermissions },
  GetIdentityPoolRoles: { rule: getIdentityPoolRoles, permissions: onPool('GetIdentityPoolRoles') },
  GetId: { rule: getId, permissions: undefined },
  GetCredentialsForIdentity: { rule: getCredentialsForIdentity, permissions: undefined },
  GetOpenIdToken: { rule: getOpenIdToken, permissions: undefined },
  GetOpenIdTokenForDeveloperIdentity: {
    rule: getOpenIdTokenForDeveloperIdentity,
    permissions: onPool('GetOpenIdTokenForDeveloperIdentity'),
  },
  LookupDeveloperIdentity: {
    rule: lookupDeveloperIdentity,
    permissions: onPool('LookupDeveloperIdentity'),
  },
  DescribeIdentity: { rule: describeIdentity, permissions: onAll('DescribeIdentity') },
  ListIdentities: { rule: listIdentities, permissions: onPool('ListIdentities') },
  DeleteIdentities: { rule: deleteIdentities, permissions: onAll('DeleteIdentities') },
  TagResource: { rule: tagPool, permissions: onResource('TagResource') },
  UntagResource: { rule: untagPool, permissions: onResource('UntagResource') },
  ListTagsForResource: { rule: listPoolTags, permissions: onResource('ListTagsForResource') },
}
