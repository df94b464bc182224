/**
 * Who asks, and by which documents it is judged (identities I17, I24, I25): resolved from the
 * account as it is now.
 */
import { compilePolicy, parsePolicy, type NamedPolicy } from '@muster/policy'
import { administratorAccess } from '../account/managed-policies.ts'
import { rootArn, type IamAccount, type IamRole, type IamUser } from '../account/iam-account.ts'
import { cognitoProvider } from '../trust/trust-policy.ts'
import { rootPrincipal, type Session } from './session.ts'

/** Kinds of principal that sign requests. */
export type IdentityKind = 'root' | 'user' | Session['kind']

/** A resolved principal. Immutable: a change of the account makes another one. */
export interface Identity {
  readonly kind: IdentityKind
  /** As refusals name it (identities I17). */
  readonly arn: string
  readonly accountId: string
  /** `aws:userid`. */
  readonly userId: string
  /** Users and their own sessions only. */
  readonly userName: string | undefined
  /** `aws:PrincipalArn`: for sessions of a role the role's ARN, with path. */
  readonly principalArn: string
  /** `aws:PrincipalTag/…`, later ones over earlier ones of the same key in any case. */
  readonly tags: Readonly<Record<string, string>>
  readonly layers: Layers
  readonly session: Session | undefined
}

/** The documents that judge a principal; a layer that is there must allow (identities I24). */
export interface Layers {
  /** Root: allowed everything. */
  readonly everything: boolean
  readonly identity: readonly NamedPolicy[]
  readonly boundary: readonly NamedPolicy[] | undefined
  /** Inline and managed ones are one union. */
  readonly session: readonly NamedPolicy[] | undefined
}

/** A long-term principal of the account. */
export function userIdentity(account: IamAccount, user: IamUser): Identity {
  return {
    kind: 'user',
    arn: user.arn,
    accountId: account.accountId,
    userId: user.uniqueId,
    userName: user.userName,
    principalArn: user.arn,
    tags: user.tags,
    layers: layersOf(user, undefined),
    session: undefined,
  }
}

/** The account's root user. */
export function rootIdentity({ accountId }: IamAccount): Identity {
  const arn = rootArn(accountId)
  return {
    kind: 'root',
    arn,
    accountId,
    userId: accountId,
    userName: undefined,
    principalArn: arn,
    tags: {},
    layers: { everything: true, identity: [], boundary: undefined, session: undefined },
    session: undefined,
  }
}

/**
 * The identity of a session.
 *
 * @returns undefined when its user or role is gone, or is another one by now (identities I15)
 */
export function sessionIdentity(account: IamAccount, session: Session): Identity | undefined {
  const { kind, principal } = session
  if (kind === 'user-session' && principal === rootPrincipal) {
    return { ...rootIdentity(account), session }
  }
  if (kind === 'federated' && principal === rootPrincipal) {
    return federatedIdentity(account, rootUser, session)
  }
  if (kind === 'user-session' || kind === 'federated') {
    const user = account.users.get(principal)
    if (user === undefined || user.uniqueId !== session.principalId) return undefined
    return kind === 'federated'
      ? federatedIdentity(account, user, session)
      : { ...userIdentity(account, user), kind, session }
  }
  const role = account.roles.get(principal)
  if (role === undefined || role.uniqueId !== session.principalId) return undefined
  return roleIdentity(account, role, session)
}

/** Whom root vouches for has what the session's documents allow (identities I55). */
const rootUser: Pick<IamUser, 'tags' | 'policies' | 'boundary'> = {
  tags: {},
  policies: [administratorAccess],
  boundary: undefined,
}

function federatedIdentity(
  account: IamAccount,
  user: Pick<IamUser, 'tags' | 'policies' | 'boundary'>,
  session: Session,
): Identity {
  const arn = `arn:aws:sts::${account.accountId}:federated-user/${session.name}`
  return {
    kind: 'federated',
    arn,
    accountId: account.accountId,
    userId: `${account.accountId}:${session.name}`,
    userName: undefined,
    principalArn: arn,
    tags: overlaid(user.tags, session.tags),
    // identities I24: without session documents a federated user has no right at all
    layers: layersOf(user, sessionPolicies(account, session) ?? []),
    session,
  }
}

function roleIdentity(account: IamAccount, role: IamRole, session: Session): Identity {
  return {
    kind: session.kind,
    arn: `arn:aws:sts::${account.accountId}:assumed-role/${role.roleName}/${session.name}`,
    accountId: account.accountId,
    userId: `${role.uniqueId}:${session.name}`,
    userName: undefined,
    principalArn: role.arn,
    tags: overlaid(role.tags, session.tags),
    layers: layersOf(role, sessionPolicies(account, session)),
    session,
  }
}

function layersOf(
  { policies, boundary }: Pick<IamUser, 'policies' | 'boundary'>,
  session: readonly NamedPolicy[] | undefined,
): Layers {
  return {
    everything: false,
    identity: policies,
    boundary: boundary === undefined ? undefined : [boundary],
    session,
  }
}

/** Session documents as they are now; a managed one that is gone grants nothing (identities I46). */
function sessionPolicies(
  account: IamAccount,
  { policy, policyArns = [] }: Session,
): readonly NamedPolicy[] | undefined {
  if (policy === undefined && policyArns.length === 0) return undefined
  const inline = policy === undefined ? [] : [compiledSessionPolicy(policy)]
  const managed = policyArns.map((arn) => account.policies.get(arn))
  return [...inline, ...managed].filter((found) => found !== undefined)
}

/** Texts were parsed when the session was made; a few are kept compiled. */
const compiledTexts = new Map<string, NamedPolicy>()
const compiledTextsMax = 1000

function compiledSessionPolicy(text: string): NamedPolicy | undefined {
  const known = compiledTexts.get(text)
  if (known !== undefined) return known
  const parsed = parsePolicy(text, 'iam')
  if (!parsed.ok) return undefined
  const policy = { policyName: 'session', compiled: compilePolicy(parsed.value) }
  if (compiledTexts.size >= compiledTextsMax) compiledTexts.clear()
  compiledTexts.set(text, policy)
  return policy
}

function overlaid(
  base: Readonly<Record<string, string>>,
  over: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const replaced = new Set(Object.keys(over).map((key) => key.toLowerCase()))
  const kept = Object.entries(base).filter(([key]) => !replaced.has(key.toLowerCase()))
  return { ...Object.fromEntries(kept), ...over }
}

/** A Cognito identity, as IoT sees one (identities I90): told by the token it signed in with. */
export interface CognitoIdentity {
  /** `us-east-1:1b2c…`. */
  readonly identityId: string
  readonly poolId: string
  readonly authenticated: boolean
}

/**
 * The Cognito identity behind a session.
 *
 * @returns undefined for every other principal, sessions that a Cognito session assumed included
 */
export function cognitoIdentityOf({ session }: Identity): CognitoIdentity | undefined {
  const web = session?.web
  if (session?.kind !== 'web-session' || web?.issuer !== cognitoProvider) return undefined
  return {
    identityId: web.subject,
    poolId: web.audience,
    authenticated: web.amr?.includes('authenticated') === true,
  }
}

/** Kinds of principal as IoT tells them apart: of web sessions, those that Cognito vouches for. */
export type PrincipalKind = IdentityKind | 'cognito-guest' | 'cognito-auth'

/** The kind of a principal; root's own session is root. */
export function principalKind(identity: Identity): PrincipalKind {
  const cognito = cognitoIdentityOf(identity)
  if (cognito !== undefined) return cognito.authenticated ? 'cognito-auth' : 'cognito-guest'
  return identity.layers.everything ? 'root' : identity.kind
}
