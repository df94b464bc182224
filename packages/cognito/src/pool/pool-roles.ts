/** Roles of a pool: SetIdentityPoolRoles, GetIdentityPoolRoles, and which one a login gets. */
import { textClaim, textsClaim, type JsonWebToken } from '@muster/iam'
import { accept, type Account } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import { poolOf, type CognitoState } from '../cognito-state.ts'
import type { IdentityPool, MappingRule, PoolRoles, RoleMapping } from './identity-pool.ts'

const mappedProvidersMax = 10
const rulesMax = 25

/** SetIdentityPoolRoles: replaces roles and mappings (identities I74). */
export function setIdentityPoolRoles(
  state: CognitoState,
  input: PoolRoles & { readonly IdentityPoolId: string },
): CognitoOutcome<object> {
  const found = poolOf(state, input.IdentityPoolId)
  if (!found.ok) return found
  const fault = rolesFault(state.ports.account, input)
  if (fault !== undefined) return fault
  const { Roles, RoleMappings } = input
  state.pools.put({ ...found.value, roles: { Roles, RoleMappings } })
  return accept({})
}

/** What is wrong with the roles of a pool; roles need not exist (identities I74). */
export function rolesFault(
  { accountId }: Account,
  roles: PoolRoles,
): ReturnType<typeof refused> | undefined {
  const { Roles, RoleMappings = {} } = roles
  const kind = Object.keys(Roles).find((key) => !/^(?:un)?authenticated$/.test(key))
  if (kind !== undefined) {
    return refused(
      'InvalidParameterException',
      `Roles: expected authenticated or unauthenticated, found '${kind}'.`,
    )
  }
  const foreign = rolesOf(roles).find((arn) => !arn.startsWith(`arn:aws:iam::${accountId}:role/`))
  if (foreign !== undefined) {
    return refused('NotAuthorizedException', `Access to Role '${foreign}' is forbidden.`)
  }
  const fault = mappingFault(RoleMappings)
  return fault === undefined ? undefined : refused('InvalidParameterException', fault)
}

/** GetIdentityPoolRoles. */
export function getIdentityPoolRoles(
  state: CognitoState,
  { IdentityPoolId }: { readonly IdentityPoolId: string },
): CognitoOutcome<object> {
  const found = poolOf(state, IdentityPoolId)
  if (!found.ok) return found
  const { Roles, RoleMappings } = found.value.roles
  return accept({
    IdentityPoolId,
    Roles,
    ...(RoleMappings === undefined ? {} : { RoleMappings }),
  })
}

/** Roles of a pool by kind of identity; undefined for an unknown pool. */
export function poolRoles(
  { pools }: CognitoState,
  identityPoolId: string,
): PoolRoles['Roles'] | undefined {
  return pools.get(identityPoolId)?.roles.Roles
}

/** Roles of every pool. */
export function allPoolRoles({ pools }: CognitoState): readonly PoolRoles[] {
  return pools.all().map(({ roles }) => roles)
}

/** Every role that a pool may hand out; each needs `iam:PassRole` (identities I74). */
export function rolesOf({ Roles, RoleMappings = {} }: PoolRoles): readonly string[] {
  const mapped = Object.values(RoleMappings).flatMap(({ RulesConfiguration }) =>
    (RulesConfiguration?.Rules ?? []).map(({ RoleARN }) => RoleARN),
  )
  return [...new Set([...Object.values(Roles), ...mapped])]
}

function mappingFault(mappings: Readonly<Record<string, RoleMapping>>): string | undefined {
  const entries = Object.entries(mappings)
  if (entries.length > mappedProvidersMax) {
    return `RoleMappings has at most ${mappedProvidersMax} providers, found ${entries.length}.`
  }
  for (const [provider, { Type, RulesConfiguration, AmbiguousRoleResolution }] of entries) {
    const rules = RulesConfiguration?.Rules ?? []
    if (Type === 'Rules' && (rules.length < 1 || rules.length > rulesMax)) {
      return `RoleMappings of ${provider} has 1 to ${rulesMax} rules, found ${rules.length}.`
    }
    if (AmbiguousRoleResolution === undefined) {
      return `RoleMappings of ${provider} needs an AmbiguousRoleResolution.`
    }
  }
  return undefined
}

/** A login that was believed, with the token it came by. */
export interface MappedLogin {
  /** Keys under which a mapping for it may stand. */
  readonly mappingKeys: readonly string[]
  readonly token: JsonWebToken
}

/**
 * The role of an authenticated identity (identities I75).
 *
 * @param customRoleArn - asked for by the caller; only one that the token carries is granted
 * @returns undefined when the pool has none
 */
export function authenticatedRole(
  { roles }: IdentityPool,
  logins: readonly MappedLogin[],
  customRoleArn: string | undefined,
): CognitoOutcome<string | undefined> {
  for (const { mappingKeys, token } of logins) {
    const mapping = mappingKeys
      .map((key) => roles.RoleMappings?.[key])
      .find((one) => one !== undefined)
    if (mapping === undefined) continue
    const chosen =
      mapping.Type === 'Token'
        ? roleByToken(token, customRoleArn)
        : roleByRule(mapping.RulesConfiguration?.Rules ?? [], token)
    if (chosen !== undefined) return accept(chosen)
    if (mapping.AmbiguousRoleResolution === 'Deny') {
      return refused(
        'NotAuthorizedException',
        'The ambiguous role mapping rules denied this request',
      )
    }
    return accept(roles.Roles.authenticated)
  }
  if (customRoleArn !== undefined && customRoleArn !== roles.Roles.authenticated) {
    return refused('NotAuthorizedException', `Access to Role '${customRoleArn}' is forbidden.`)
  }
  return accept(roles.Roles.authenticated)
}

function roleByToken(token: JsonWebToken, customRoleArn: string | undefined): string | undefined {
  const roles = textsClaim(token, 'cognito:roles') ?? []
  if (customRoleArn !== undefined) return roles.find((role) => role === customRoleArn)
  return textClaim(token, 'cognito:preferred_role') ?? (roles.length === 1 ? roles[0] : undefined)
}

/** First match wins. */
function roleByRule(rules: readonly MappingRule[], token: JsonWebToken): string | undefined {
  return rules.find(({ Claim, MatchType, Value }) => {
    const claim = textsClaim(token, Claim)
    return claim !== undefined && claimMatches(claim, MatchType, Value)
  })?.RoleARN
}

function claimMatches(
  claim: readonly string[],
  matchType: MappingRule['MatchType'],
  value: string,
): boolean {
  switch (matchType) {
    case 'Equals':
      return claim.includes(value)
    case 'NotEqual':
      return !claim.includes(value)
    case 'StartsWith':
      return claim.some((one) => one.startsWith(value))
    case 'Contains':
      return claim.some((one) => one.includes(value))
  }
}
