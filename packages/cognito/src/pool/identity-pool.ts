/** Identity pools as the API shows them (identities I71 to I75). */

/** A login provider of the user-pool kind. */
export interface UserPoolProvider {
  readonly ProviderName?: string | undefined
  readonly ClientId?: string | undefined
  readonly ServerSideTokenCheck?: boolean | undefined
}

/** Members of a pool that a caller gives; named as in the SDK. */
export interface IdentityPoolMembers {
  readonly IdentityPoolName: string
  readonly AllowUnauthenticatedIdentities: boolean
  readonly AllowClassicFlow?: boolean | undefined
  readonly SupportedLoginProviders?: Readonly<Record<string, string>> | undefined
  readonly DeveloperProviderName?: string | undefined
  readonly OpenIdConnectProviderARNs?: readonly string[] | undefined
  readonly CognitoIdentityProviders?: readonly UserPoolProvider[] | undefined
  readonly SamlProviderARNs?: readonly string[] | undefined
  readonly IdentityPoolTags?: Readonly<Record<string, string>> | undefined
}

/** One rule of a mapping. */
export interface MappingRule {
  readonly Claim: string
  readonly MatchType: 'Equals' | 'Contains' | 'StartsWith' | 'NotEqual'
  readonly Value: string
  readonly RoleARN: string
}

/** How logins of one provider get their role (identities I75). */
export interface RoleMapping {
  readonly Type: 'Token' | 'Rules'
  readonly AmbiguousRoleResolution?: 'AuthenticatedRole' | 'Deny' | undefined
  readonly RulesConfiguration?: { readonly Rules: readonly MappingRule[] } | undefined
}

/** Roles of a pool. */
export interface PoolRoles {
  readonly Roles: Readonly<Record<string, string>>
  readonly RoleMappings?: Readonly<Record<string, RoleMapping>> | undefined
}

/** A pool with all that is kept of it. */
export interface IdentityPool {
  readonly identityPoolId: string
  readonly members: IdentityPoolMembers
  readonly roles: PoolRoles
  /** Order of creation. */
  readonly sequence: number
  /** The declaration that it came from, as JSON; undefined: it was made by CreateIdentityPool. */
  readonly declaredAs?: string
}

/** A pool as CreateIdentityPool, UpdateIdentityPool and DescribeIdentityPool answer it. */
export function describedPool({ identityPoolId, members }: IdentityPool): object {
  const { IdentityPoolTags = {}, ...given } = members
  const present = Object.entries(given).filter(([, value]) => value !== undefined)
  return { IdentityPoolId: identityPoolId, ...Object.fromEntries(present), IdentityPoolTags }
}
