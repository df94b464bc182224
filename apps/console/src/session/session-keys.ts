/**
 * The keys that a session signs with: those that were typed, or temporary ones of the role that was
 * named, got from STS and renewed before they end.
 */
import type { Session } from './session.ts'

/** What a request is signed with. */
export interface SigningKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Temporary keys. */
export interface TemporaryKeys extends SigningKeys {
  /** By the clock of the server that gave them. */
  readonly expiresAtMs: number
}

/** Finds the keys for a request. */
export interface SessionKeys {
  /** Rejects with what AssumeRole throws. */
  current(): Promise<SigningKeys>
  /**
   * The server says that the keys have ended, whatever this machine's clock says: the next request
   * gets new ones.
   *
   * @returns whether there can be new ones
   */
  ended(): boolean
}

/** Gets temporary keys; one call is one AssumeRole. */
export type AssumeRole = (session: Session, roleArn: string) => Promise<TemporaryKeys>

/** How long before their end keys are renewed. */
const RENEW_MS = 5 * 60_000

/** Loaded only for who names a role. */
const assumeBySts: AssumeRole = async (session, roleArn) => {
  const { assumeRole } = await import('./assume-role.ts')
  return assumeRole(session, roleArn)
}

/** The keys of a session. */
export function sessionKeys(
  session: Session,
  assumeRole: AssumeRole = assumeBySts,
  nowMs: () => number = Date.now,
): SessionKeys {
  const { roleArn } = session
  if (roleArn === undefined) {
    const keys = typedKeys(session)
    return { current: async () => keys, ended: () => false }
  }
  return new RoleKeys(() => assumeRole(session, roleArn), nowMs)
}

/** Keys as they were typed. */
export function typedKeys({ accessKeyId, secretAccessKey, sessionToken }: Session): SigningKeys {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
}

class RoleKeys implements SessionKeys {
  readonly #assume: () => Promise<TemporaryKeys>
  readonly #nowMs: () => number
  #keys: TemporaryKeys | undefined
  /** Requests that come together wait for one AssumeRole. */
  #assuming: Promise<TemporaryKeys> | undefined

  constructor(assume: () => Promise<TemporaryKeys>, nowMs: () => number) {
    this.#assume = assume
    this.#nowMs = nowMs
  }

  async current(): Promise<SigningKeys> {
    const known = this.#keys
    const leftMs = known === undefined ? 0 : known.expiresAtMs - this.#nowMs()
    if (known !== undefined && leftMs > RENEW_MS) return known
    try {
      return await this.#renewed()
    } catch (cause) {
      // Keys that still have a while are better than none; the next request tries again.
      if (known !== undefined && leftMs > 0 && this.#keys === known) return known
      throw cause
    }
  }

  ended(): boolean {
    this.#keys = undefined
    return true
  }

  async #renewed(): Promise<TemporaryKeys> {
    this.#assuming ??= this.#assume().finally(() => (this.#assuming = undefined))
    this.#keys = await this.#assuming
    return this.#keys
  }
}
