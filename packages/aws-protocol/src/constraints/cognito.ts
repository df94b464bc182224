/** Constraints of the input structures of Cognito identity pools (identities section 5). */
import type { Constraint, ConstraintTable, MemberConstraints } from '../constraint.ts'
import { anyOf, list, map, text, whole } from './build.ts'

const poolId: Constraint = text(1, 55, /^[\w-]+:[0-9a-f-]+$/u)
const identityId: Constraint = text(1, 55, /^[\w-]+:[0-9a-f-]+$/u)
const poolName: Constraint = text(1, 128, /^[\w\s+=,.@-]+$/u)
const developerProvider: Constraint = text(1, 128, /^[\w._-]+$/u)
const developerUser: Constraint = text(1, 1024)
const roleArn: Constraint = text(20, 2048)
const queryLimit: Constraint = { ...whole(1, 60), required: true }
const pageToken: Constraint = text(1, 65_535, /^[\S]+$/u)
const logins: Constraint = map(0, 10, text(1, 128), text(1, 50_000))
const tags: Constraint = map(0, 50, text(1, 128), text(0, 256))
const resourceArn: Constraint = { ...text(20, 2048), required: true }

const required = (constraint: Constraint): Constraint => ({ ...constraint, required: true })

const poolMembers: MemberConstraints = {
  IdentityPoolName: required(poolName),
  AllowUnauthenticatedIdentities: { required: true },
  SupportedLoginProviders: map(0, 10, text(1, 128), text(1, 128)),
  DeveloperProviderName: developerProvider,
  OpenIdConnectProviderARNs: list(0, Infinity, roleArn),
  SamlProviderARNs: list(0, Infinity, roleArn),
  IdentityPoolTags: tags,
}

export const cognito: ConstraintTable = {
  CreateIdentityPoolInput: poolMembers,
  IdentityPool: { IdentityPoolId: required(poolId), ...poolMembers },
  CognitoIdentityProvider: {
    ProviderName: text(1, 128, /^[\w._:/-]+$/u),
    ClientId: text(1, 128, /^[\w_]+$/u),
  },
  DescribeIdentityPoolInput: { IdentityPoolId: required(poolId) },
  DeleteIdentityPoolInput: { IdentityPoolId: required(poolId) },
  ListIdentityPoolsInput: { MaxResults: queryLimit, NextToken: pageToken },
  SetIdentityPoolRolesInput: {
    IdentityPoolId: required(poolId),
    Roles: required(map(0, 2, text(1, 128), roleArn)),
    RoleMappings: map(0, 10, text(1, 128)),
  },
  RoleMapping: {
    Type: required(anyOf('Token', 'Rules')),
    AmbiguousRoleResolution: anyOf('AuthenticatedRole', 'Deny'),
  },
  RulesConfigurationType: { Rules: required(list(1, 400)) },
  MappingRule: {
    Claim: required(text(1, 64)),
    MatchType: required(anyOf('Equals', 'Contains', 'StartsWith', 'NotEqual')),
    Value: required(text(1, 128)),
    RoleARN: required(roleArn),
  },
  GetIdentityPoolRolesInput: { IdentityPoolId: required(poolId) },
  GetIdInput: { IdentityPoolId: required(poolId), Logins: logins },
  GetCredentialsForIdentityInput: {
    IdentityId: required(identityId),
    Logins: logins,
    CustomRoleArn: roleArn,
  },
  GetOpenIdTokenInput: { IdentityId: required(identityId), Logins: logins },
  GetOpenIdTokenForDeveloperIdentityInput: {
    IdentityPoolId: required(poolId),
    IdentityId: identityId,
    Logins: required(logins),
    PrincipalTags: map(0, 50, text(1, 128), text(1, 256)),
    TokenDuration: whole(1, 86_400),
  },
  LookupDeveloperIdentityInput: {
    IdentityPoolId: required(poolId),
    IdentityId: identityId,
    DeveloperUserIdentifier: developerUser,
    MaxResults: whole(1, 60),
    NextToken: pageToken,
  },
  DescribeIdentityInput: { IdentityId: required(identityId) },
  ListIdentitiesInput: {
    IdentityPoolId: required(poolId),
    MaxResults: queryLimit,
    NextToken: pageToken,
  },
  DeleteIdentitiesInput: { IdentityIdsToDelete: required(list(1, 60, identityId)) },
  TagResourceInput: { ResourceArn: resourceArn, Tags: required(tags) },
  UntagResourceInput: { ResourceArn: resourceArn, TagKeys: required(list(0, 50, text(1, 128))) },
  ListTagsForResourceInput: { ResourceArn: resourceArn },
}
