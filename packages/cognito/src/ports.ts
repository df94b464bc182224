/** What identity pools need from outside. */
import type {
  IamAccount,
  JsonWebKeyOf,
  RequestTransport,
  SessionSeal,
  VerifySignature,
} from '@muster/iam'
import type { Account } from '@muster/model'

/** Durable records, written through. */
export interface Records {
  put(kind: string, key: string, value: string): void
  delete(kind: string, key: string): void
  load(kind: string): Iterable<{ readonly key: string; readonly value: string | Uint8Array }>
}

/** Collaborators of the rules. */
export interface CognitoPorts {
  readonly account: Account
  readonly records: Records
  /** The account's users, roles and providers as they are now. */
  readonly iam: () => IamAccount
  /** A random UUID, version 4, in lower case. */
  readonly newUuid: () => string
  readonly verify: VerifySignature
  /** Signs Cognito's own tokens (identities I83). */
  readonly sign: (claims: Readonly<Record<string, unknown>>) => string
  /** Public keys of {@link sign}. */
  readonly ownKeys: () => readonly JsonWebKeyOf[]
  readonly seal: SessionSeal
  /** Told why a credential was refused, for those who run the pool (identities I81). */
  readonly onRefusedRole?: (why: RefusedRole) => void
}

/** Why an identity got no credentials though its login was good. */
export interface RefusedRole {
  readonly identityPoolId: string
  readonly identityId: string
  readonly roleArn: string | undefined
  readonly reason: string
}

/** One request. */
export interface CognitoCall {
  /** Server clock, epoch milliseconds. */
  readonly nowMs: number
  readonly sourceIp: string | undefined
  /** For context keys of a role's trust (identities I22). */
  readonly transport: RequestTransport
}
