/**
 * Operations that return a new key pair (gateway G87, G106): they wait their turn for it.
 */
import { refuse, type Outcome } from '@muster/model'
import type { KeyPairPem } from '@muster/pki'
import type { KeyPairs } from '../provisioning/key-pairs.ts'
import type { Call, Caller } from './call.ts'

/**
 * Applies an operation once there is a pair for it; what time it is then, it must ask itself.
 * Refuses with ThrottlingException when too many wait, and with ServiceUnavailableException when
 * the server stops or is reset meanwhile.
 */
export async function withKeyPair<Output>(
  keyPairs: KeyPairs,
  { caller, isGone }: Call,
  operation: (keyPair: KeyPairPem) => Outcome<Output>,
): Promise<Outcome<Output>> {
  const keyPair = await keyPairs.next({ name: nameOf(caller), isGone })
  if (keyPair === 'full') {
    return refuse('ThrottlingException', 'Too many key pairs are waited for; try again')
  }
  if (keyPair === 'gone') {
    return refuse('ServiceUnavailableException', 'The server stopped or was reset meanwhile')
  }
  return operation(keyPair)
}

function nameOf(caller: Caller): string {
  return caller.kind === 'operator' ? caller.accessKeyId : caller.certificateId
}
