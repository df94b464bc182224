/** Cognito's own tokens (identities I83, I84). */
import type { CognitoCall, CognitoPorts } from '../ports.ts'

/** What a token says. */
export interface TokenContents {
  readonly identityId: string
  readonly identityPoolId: string
  readonly amr: readonly string[]
  /** How long it counts. */
  readonly seconds: number
  readonly principalTags?: Readonly<Record<string, string>> | undefined
}

/** `iss` of the tokens. */
export const tokenIssuer = 'https://cognito-identity.amazonaws.com'

const tagsClaim = 'https://aws.amazon.com/tags'

/** Signs a token for an identity. */
export function signedToken(
  { sign }: CognitoPorts,
  { nowMs }: CognitoCall,
  contents: TokenContents,
): string {
  const issued = Math.floor(nowMs / 1000)
  const { identityId, identityPoolId, amr, seconds, principalTags = {} } = contents
  const tags = Object.entries(principalTags).map(([key, value]) => [key, [value]])
  return sign({
    sub: identityId,
    aud: identityPoolId,
    amr,
    iss: tokenIssuer,
    iat: issued,
    exp: issued + seconds,
    ...(tags.length === 0 ? {} : { [tagsClaim]: { principal_tags: Object.fromEntries(tags) } }),
  })
}
