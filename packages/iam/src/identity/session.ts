/**
 * What a session token says about its session (identities I61): names, not policies, so that a
 * change of the account counts at once. Sealed and opened outside these rules.
 */

/** A session's contents. Times are epoch milliseconds of the server's clock. */
export interface Session {
  readonly kind: 'user-session' | 'federated' | 'role-session' | 'web-session'
  /** User or role name; `<root>` for root's own session. */
  readonly principal: string
  /** The principal's unique id when the session began; another one by now ends the session. */
  readonly principalId: string
  /** Role session name or federated user name; empty for a user's session. */
  readonly name: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** Session document passed by the caller, as text. */
  readonly policy?: string | undefined
  /** Managed session documents passed by the caller. */
  readonly policyArns?: readonly string[] | undefined
  /** Session tags, inherited ones included. */
  readonly tags: Readonly<Record<string, string>>
  /** Keys of the tags that go on to the next session. */
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string | undefined
  readonly web?: WebClaims | undefined
  /** Of a session that a device got for its certificate (identities I66). */
  readonly device?: SessionDevice | undefined
}

/** The device behind a session of the credentials provider; kept as keys for its whole life. */
export interface SessionDevice {
  readonly certificateId: string
  /** The thing that the request named, and its type then. */
  readonly thingName?: string | undefined
  readonly thingTypeName?: string | undefined
}

/** Claims of the token that a web session was made with; kept as keys for its whole life. */
export interface WebClaims {
  /** Prefix of the keys: url without `https://`, `cognito-identity.amazonaws.com`. */
  readonly issuer: string
  /** `aws:FederatedProvider` (identities I19). */
  readonly provider: string
  readonly subject: string
  /** `aud` as the trust sees it (identities I21): `azp` where there is one. */
  readonly audience: string
  /** `oaud`: the token's audience, where `azp` took its place. */
  readonly originalAudience?: string | undefined
  readonly azp?: string | undefined
  readonly amr?: readonly string[] | undefined
}

/** {@link Session.principal} of a session that root made. */
export const rootPrincipal = '<root>'
