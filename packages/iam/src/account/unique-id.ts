/** Unique ids of IAM (identities I9): derived, so that they outlive a restart. */
import { Sha256 } from '@aws-crypto/sha256-js'

/** What each prefix stands for. */
export type UniqueIdPrefix = 'AIDA' | 'AROA' | 'AGPA' | 'ANPA'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A prefix and 17 characters of `[A-Z2-7]`, the same for the same ARN for ever. */
export function uniqueId(prefix: UniqueIdPrefix, arn: string): string {
  const hash = new Sha256()
  hash.update(arn)
  const digest = hash.digestSync()
  let id: string = prefix
  for (let index = 0; index < 17; index += 1) id += letters[(digest[index] ?? 0) % 32]
  return id
}
