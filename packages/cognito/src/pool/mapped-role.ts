/** Which role of a pool a login gets (identities I75). */
import { textClaim, textsClaim, type JsonWebToken } from '@muster/iam'
import { accept } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import type { IdentityPool, MappingRule } from './identity-pool.ts'

/** A login that was believed, with the token it came by. */
export interface MappedLogin {
  /** Keys under which a mapping for it may stand. */
  readonly mappingKeys: readonly string[]
  readonly token: JsonWebToken
}

/**
 * The role of an authenticated identity (identities I75).
 *
 * @param customRoleArn - asked for by the caller; granted only where the token or a rule that
 *   matches carries it, else refused
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
    const candidates =
      mapping.Type === 'Token'
        ? rolesByToken(token)
        : rolesByRule(mapping.RulesConfiguration?.Rules ?? [], token)
    // Who asks for a role gets that one or none.
    if (customRoleArn !== undefined) {
      return candidates.allowed.includes(customRoleArn)
        ? accept(customRoleArn)
        : forbiddenRole(customRoleArn)
    }
    if (candidates.chosen !== undefined) return accept(candidates.chosen)
    if (mapping.AmbiguousRoleResolution === 'Deny') {
      return refused(
        'NotAuthorizedException',
        'The ambiguous role mapping rules denied this request',
      )
    }
    return accept(roles.Roles.authenticated)
  }
  if (customRoleArn !== undefined && customRoleArn !== roles.Roles.authenticated) {
    return forbiddenRole(customRoleArn)
  }
  return accept(roles.Roles.authenticated)
}

function forbiddenRole(arn: string): ReturnType<typeof refused> {
  return refused('NotAuthorizedException', `Access to Role '${arn}' is forbidden.`)
}

/** Roles that a mapping grants a login. */
interface MappedRoles {
  /** The one for who asks for none; undefined when that is ambiguous. */
  readonly chosen: string | undefined
  /** Those that may be asked for. */
  readonly allowed: readonly string[]
}

/** `cognito:roles` is a list, or one text with commas between; a role's name may hold a comma. */
function rolesByToken(token: JsonWebToken): MappedRoles {
  const claim = textsClaim(token, 'cognito:roles') ?? []
  const allowed = claim.flatMap((text) => text.split(/,\s*(?=arn:)/))
  const only = allowed.length === 1 ? allowed[0] : undefined
  return { chosen: textClaim(token, 'cognito:preferred_role') ?? only, allowed }
}

/** First match wins, unless the role of another one is asked for. */
function rolesByRule(rules: readonly MappingRule[], token: JsonWebToken): MappedRoles {
  const matching = rules.filter(({ Claim, MatchType, Value }) => {
    const claim = textsClaim(token, Claim)
    return claim !== undefined && claimMatches(claim, MatchType, Value)
  })
  const allowed = matching.map(({ RoleARN }) => RoleARN)
  return { chosen: allowed[0], allowed }
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
