/**
 * Who may sign: the access keys known at this moment, long-term ones of the account and temporary
 * ones that this server made, each with the identity behind it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { SigningSecret } from '@muster/aws-protocol'
import {
  rootIdentity,
  sessionIdentity,
  userIdentity,
  type IamAccount,
  type Identity,
  type LongTermKey,
} from '@muster/iam'
import type { SessionTokens } from './session-seal.ts'

/** One access key: its secret half and who holds it. */
export interface AccessKey extends SigningSecret {
  readonly accessKeyId: string
  /**
   * Who holds it by now; a changed account makes another object, an unchanged one the same.
   *
   * @returns undefined when the key, or the principal behind its session, is gone
   */
  readonly identity: () => Identity | undefined
}

/** Access keys by id. */
export interface AccessKeys {
  /**
   * @param sessionToken - as the request carries it: required for a temporary key, forbidden for a
   *   long-term one (identities I62)
   */
  find(accessKeyId: string, sessionToken: string | undefined): AccessKey | undefined
}

/** What keys are found in. */
export interface AccessKeyPorts {
  readonly account: () => IamAccount
  readonly tokens: SessionTokens
  /** Server clock, epoch milliseconds: sessions end by it (identities I63). */
  readonly nowMs: () => number
}

/** Makes the keys of a server. */
export function accessKeys(ports: AccessKeyPorts): AccessKeys {
  const ofAccount = indexedByAccount()
  return {
    find: (accessKeyId, sessionToken) => {
      const owned = ofAccount(ports.account()).get(accessKeyId)
      return owned === undefined
        ? sessionKey(ports, accessKeyId, sessionToken)
        : longTermKey(ports, ofAccount, owned.key, sessionToken)
    },
  }
}

interface OwnedKey {
  readonly key: LongTermKey
  readonly identity: Identity
}

type KeyIndex = (account: IamAccount) => ReadonlyMap<string, OwnedKey>

/** Keys of the newest account; made once for each. */
function indexedByAccount(): KeyIndex {
  let indexed: IamAccount | undefined
  let keys = new Map<string, OwnedKey>()
  return (account) => {
    if (account === indexed) return keys
    indexed = account
    keys = new Map()
    const add = (key: LongTermKey, holder: Identity): void => {
      keys.set(key.accessKeyId, { key, identity: withSession(holder, key) })
    }
    for (const key of account.rootKeys) add(key, rootIdentity(account))
    for (const user of account.users.values()) {
      for (const key of user.accessKeys) add(key, userIdentity(account, user))
    }
    return keys
  }
}

/** A session that stands in the file is one of its user, limited by documents of its own. */
function withSession(identity: Identity, { session }: LongTermKey): Identity {
  if (session === undefined) return identity
  return {
    ...identity,
    kind: 'user-session',
    layers: { ...identity.layers, session: session.policies ?? identity.layers.session },
    session: {
      kind: 'user-session',
      principal: identity.userName ?? '',
      principalId: identity.userId,
      name: '',
      // The file does not say when it began.
      issuedAtMs: 0,
      expiresAtMs: session.expiresAtMs ?? Infinity,
      tags: {},
      transitiveTagKeys: [],
    },
  }
}

function longTermKey(
  { account, nowMs }: AccessKeyPorts,
  ofAccount: KeyIndex,
  key: LongTermKey,
  sessionToken: string | undefined,
): AccessKey | undefined {
  const { accessKeyId, secretAccessKey, session } = key
  const fits =
    session === undefined
      ? sessionToken === undefined
      : sessionToken !== undefined && sameText(session.sessionToken, sessionToken)
  if (!fits) return undefined
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expired: session?.expiresAtMs !== undefined && nowMs() >= session.expiresAtMs,
    identity: () => ofAccount(account()).get(accessKeyId)?.identity,
  }
}

function sessionKey(
  { account, tokens, nowMs }: AccessKeyPorts,
  accessKeyId: string,
  sessionToken: string | undefined,
): AccessKey | undefined {
  const opened = sessionToken === undefined ? undefined : tokens.open(accessKeyId, sessionToken)
  if (opened === undefined || sessionToken === undefined) return undefined
  const { session, secretAccessKey } = opened
  let resolvedFor: IamAccount | undefined
  let identity: Identity | undefined
  const resolve = (): Identity | undefined => {
    // A reset ends what it sealed before, also for connections that are open (identities I105).
    if (tokens.open(accessKeyId, sessionToken) === undefined) return undefined
    const current = account()
    if (current !== resolvedFor) {
      resolvedFor = current
      identity = sessionIdentity(current, session)
    }
    return identity
  }
  if (resolve() === undefined) return undefined
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expired: nowMs() >= session.expiresAtMs,
    identity: resolve,
  }
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}
