/**
 * An AWS account as IAM sees it: plain data, read once from the IAM file and replaced as a whole.
 * References between its parts are resolved: a user holds the policies of its groups.
 */
import type { NamedPolicy } from '@muster/policy'
import type { TrustPolicy } from '../trust/trust-policy.ts'

/** Users, roles and what they refer to (identities I1). */
export interface IamAccount {
  /** Twelve decimal digits. */
  readonly accountId: string
  /** Keys of the account's root user. */
  readonly rootKeys: readonly LongTermKey[]
  /** By name, with case. */
  readonly users: ReadonlyMap<string, IamUser>
  /** By name, with case. */
  readonly roles: ReadonlyMap<string, IamRole>
  /** Declared and built-in managed policies, by ARN. */
  readonly policies: ReadonlyMap<string, NamedPolicy>
  /** By url without `https://`. */
  readonly oidcProviders: ReadonlyMap<string, OidcProvider>
  /** What is accepted though AWS's default quotas would refuse it. */
  readonly warnings: readonly string[]
}

/** An access key of a user or of root. */
export interface LongTermKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** A temporary key written into the file, with a token of the file's own. */
  readonly session: StaticSession | undefined
}

/** A session that stands in the file, for tests that need a token without asking STS. */
export interface StaticSession {
  readonly sessionToken: string
  /** Epoch milliseconds; undefined: never. */
  readonly expiresAtMs: number | undefined
  readonly policies: readonly NamedPolicy[] | undefined
}

/** What users and roles have in common. */
export interface IamEntity {
  /** `/team/` or `/`. */
  readonly path: string
  readonly arn: string
  /** `AIDA…` or `AROA…` (identities I9). */
  readonly uniqueId: string
  /** Tag keys as written; they compare without case. */
  readonly tags: Readonly<Record<string, string>>
  /** Inline and managed ones; a user's include those of its groups. */
  readonly policies: readonly NamedPolicy[]
  readonly boundary: NamedPolicy | undefined
}

/** identities I2. */
export interface IamUser extends IamEntity {
  readonly userName: string
  readonly groupNames: readonly string[]
  readonly accessKeys: readonly LongTermKey[]
}

/** identities I4. */
export interface IamRole extends IamEntity {
  readonly roleName: string
  /** Without it only the credentials provider may use the role. */
  readonly trust: TrustPolicy | undefined
  /** Seconds. */
  readonly maxSessionSeconds: number
}

/** identities I6. */
export interface OidcProvider {
  readonly arn: string
  /** `https://…`. */
  readonly url: string
  readonly clientIds: readonly string[]
  /** Public keys as JWK, never fetched from anywhere. */
  readonly keys: readonly JsonWebKeyOf[]
}

/** A public JWK: `kid`, `kty` and the members of its type. */
export type JsonWebKeyOf = Readonly<Record<string, unknown>>

/** `arn:aws:iam::123456789012:root`. */
export const rootArn = (accountId: string): string => `arn:aws:iam::${accountId}:root`

/** The role with this ARN, path included; undefined: there is none. */
export function roleByArn({ roles }: Pick<IamAccount, 'roles'>, arn: string): IamRole | undefined {
  const role = roles.get(arn.slice(arn.lastIndexOf('/') + 1))
  return role?.arn === arn ? role : undefined
}
