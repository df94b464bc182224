/** Identities of all pools in memory, found by id and by login, written through to records. */
import type { Records } from '../ports.ts'

/** A login that is linked to an identity. */
export interface LinkedLogin {
  /** Key of the `Logins` map: a provider's url without `https://`, or a developer provider. */
  readonly provider: string
  /** `sub`, or the developer's user id. */
  readonly subject: string
}

/** One identity. */
export interface PoolIdentity {
  /** `us-east-1:UUID`. */
  readonly identityId: string
  readonly identityPoolId: string
  readonly logins: readonly LinkedLogin[]
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

const kind = 'cognito-identity'

/** All identities. */
export class IdentityState {
  readonly #records: Records
  readonly #identities = new Map<string, PoolIdentity>()
  readonly #byPool = new Map<string, Set<string>>()
  readonly #byLogin = new Map<string, string>()

  constructor(records: Records) {
    this.#records = records
    for (const { value } of records.load(kind)) {
      this.#index(JSON.parse(String(value)) as PoolIdentity)
    }
  }

  get(identityId: string): PoolIdentity | undefined {
    return this.#identities.get(identityId)
  }

  /** The identity that a login is linked to. */
  ofLogin(identityPoolId: string, login: LinkedLogin): PoolIdentity | undefined {
    const identityId = this.#byLogin.get(loginKey(identityPoolId, login))
    return identityId === undefined ? undefined : this.#identities.get(identityId)
  }

  /** Ids of a pool in order, from one after `after` on. */
  idsOf(identityPoolId: string, after: string | undefined, count: number): readonly string[] {
    const ids = [...(this.#byPool.get(identityPoolId) ?? [])].sort()
    const start = after === undefined ? 0 : ids.findIndex((id) => id > after)
    return start < 0 ? [] : ids.slice(start, start + count)
  }

  put(identity: PoolIdentity): void {
    this.#index(identity)
    this.#records.put(kind, identity.identityId, JSON.stringify(identity))
  }

  delete(identityId: string): boolean {
    const identity = this.#identities.get(identityId)
    if (identity === undefined) return false
    this.#identities.delete(identityId)
    this.#byPool.get(identity.identityPoolId)?.delete(identityId)
    for (const login of identity.logins) {
      this.#byLogin.delete(loginKey(identity.identityPoolId, login))
    }
    this.#records.delete(kind, identityId)
    return true
  }

  deletePool(identityPoolId: string): void {
    for (const identityId of this.#byPool.get(identityPoolId) ?? []) this.delete(identityId)
    this.#byPool.delete(identityPoolId)
  }

  clear(): void {
    for (const identityId of this.#identities.keys()) this.delete(identityId)
  }

  #index(identity: PoolIdentity): void {
    const { identityId, identityPoolId } = identity
    this.#identities.set(identityId, identity)
    const ids = this.#byPool.get(identityPoolId) ?? new Set()
    this.#byPool.set(identityPoolId, ids.add(identityId))
    for (const login of identity.logins) {
      this.#byLogin.set(loginKey(identityPoolId, login), identityId)
    }
  }
}

function loginKey(identityPoolId: string, { provider, subject }: LinkedLogin): string {
  return JSON.stringify([identityPoolId, provider, subject])
}
