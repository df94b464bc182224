/**
 * Who may sign: the access keys known at this moment, each with the identity behind it.
 */
import type { SigningSecret } from '@muster/aws-protocol'
import type { IamIdentity } from '../authorization/iam-identity.ts'

/** One access key: its secret half and who holds it. */
export interface AccessKey extends SigningSecret {
  readonly identity: IamIdentity
}

/** Access keys by id. */
export interface AccessKeys {
  find(accessKeyId: string): AccessKey | undefined
}

/** A set of keys that is replaced as a whole, so a reader never sees half of a new file. */
export class IamUsers implements AccessKeys {
  #keys: ReadonlyMap<string, AccessKey>

  constructor(keys: ReadonlyMap<string, AccessKey>) {
    this.#keys = keys
  }

  find(accessKeyId: string): AccessKey | undefined {
    return this.#keys.get(accessKeyId)
  }

  replace(keys: ReadonlyMap<string, AccessKey>): void {
    this.#keys = keys
  }
}
