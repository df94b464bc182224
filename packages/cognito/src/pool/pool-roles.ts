/** Roles of a pool: SetIdentityPoolRoles and GetIdentityPoolRoles. */
import { accept, type Account } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import { poolOf, type CognitoState } from '../cognito-state.ts'
import type { PoolRoles, RoleMapping } from './identity-pool.ts'

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
