/** Checks of a web identity token, in the order of identities I56. */
import { accept, refuse } from '@muster/model'
import type { StsOutcome } from '../sts/sts-code.ts'
import type { JsonWebKeyOf } from '../account/iam-account.ts'
import type { WebClaims } from '../identity/session.ts'
import { cognitoProvider } from '../trust/trust-policy.ts'
import {
  numberClaim,
  readJsonWebToken,
  textClaim,
  textsClaim,
  type JsonWebToken,
} from './json-web-token.ts'
import { isSignedBy, type VerifySignature } from './token-signature.ts'

/** Whose tokens are believed. */
export interface TokenIssuer {
  /** Url without `https://`. */
  readonly issuer: string
  /** `aws:FederatedProvider` and what the trust has to name (identities I19). */
  readonly provider: string
  readonly keys: readonly JsonWebKeyOf[]
  /** Audiences taken; undefined: any (Cognito's are pools, which the trust looks at). */
  readonly clientIds: readonly string[] | undefined
}

/** A believed token. */
export interface BelievedToken {
  readonly token: JsonWebToken
  readonly claims: WebClaims
}

/** What checking needs. */
export interface TokenCheck {
  readonly issuerOf: (issuer: string) => TokenIssuer | undefined
  readonly verify: VerifySignature
  /** Server clock, epoch milliseconds. */
  readonly nowMs: number
}

/** OpenID Connect's bound for `sub`; a session token has to hold it (identities I65). */
const CLAIM_CHARACTERS_MAX = 255

/** How far ahead `iat` and `nbf` may lie. */
const aheadSecondsMax = 300

/**
 * Believes a token, or refuses with `InvalidIdentityToken` or `ExpiredTokenException` in AWS's
 * words.
 */
export function checkWebIdentityToken(text: string, check: TokenCheck): StsOutcome<BelievedToken> {
  const token = readJsonWebToken(text)
  if (token === undefined) {
    return invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  }
  const iss = textClaim(token, 'iss')
  const issuer = iss === undefined ? undefined : check.issuerOf(iss.replace(/^https:\/\//, ''))
  if (issuer === undefined) {
    return invalid(`No OpenIDConnect provider found in your account for ${iss ?? ''}`)
  }
  const audiences = textsClaim(token, 'aud')
  if (audiences === undefined || audiences.length === 0) {
    return invalid('Missing a required claim: aud')
  }
  const subject = textClaim(token, 'sub')
  if (subject === undefined || subject === '') return invalid('Missing a required claim: sub')
  if ([subject, ...audiences].some((text) => text.length > CLAIM_CHARACTERS_MAX)) {
    return invalid(`A claim has more than ${CLAIM_CHARACTERS_MAX} characters`)
  }
  if (!isSignedBy(token, issuer.keys, check.verify)) {
    return invalid(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    )
  }
  const fault = timeFault(token, check.nowMs)
  if (fault !== undefined) return fault
  const azp = textClaim(token, 'azp')
  const candidates = azp === undefined ? audiences : [azp]
  const { clientIds } = issuer
  const audience = candidates.find((one) => clientIds?.includes(one) ?? true)
  if (audience === undefined) return invalid('Incorrect token audience')
  const claims: WebClaims = {
    issuer: issuer.issuer,
    provider: issuer.provider,
    subject,
    audience,
    originalAudience: azp === undefined ? undefined : audiences[0],
    azp,
    amr: textsClaim(token, 'amr'),
  }
  return accept({ token, claims })
}

function timeFault(token: JsonWebToken, nowMs: number): StsOutcome<never> | undefined {
  const nowSeconds = Math.floor(nowMs / 1000)
  const expires = numberClaim(token, 'exp')
  if (expires === undefined) return invalid('Missing a required claim: exp')
  if (nowSeconds >= expires) {
    return refuse(
      'ExpiredTokenException',
      `Token expired: current date/time ${nowSeconds} must be before the expiration date/time ${expires}`,
    )
  }
  const notBefore = numberClaim(token, 'nbf') ?? 0
  const issued = numberClaim(token, 'iat') ?? 0
  return Math.max(notBefore, issued) > nowSeconds + aheadSecondsMax
    ? invalid(
        `The token is not valid yet: current date/time ${nowSeconds} must not be before ${Math.max(notBefore, issued)}`,
      )
    : undefined
}

/** Cognito's own tokens, signed by this server. */
export function cognitoIssuer(keys: readonly JsonWebKeyOf[]): TokenIssuer {
  return { issuer: cognitoProvider, provider: cognitoProvider, keys, clientIds: undefined }
}

function invalid(message: string): StsOutcome<never> {
  return refuse('InvalidIdentityToken', message)
}
