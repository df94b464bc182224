/**
 * Operations that return a new key pair (gateway G87, G106): they wait their turn for it.
 */
import { refuse, type Outcome } from '@muster/model'
import type { KeyPairPem } from '@muster/pki'
import type { KeyPairs } from '../provisioning/key-pairs.ts'
import type { Caller, OperationCall, OperationHandler } from './operation.ts'

/** A handler that is given a pair besides its call. */
export function withKeyPair(
  keyPairs: KeyPairs,
  operation: (call: OperationCall, keyPair: KeyPairPem) => Outcome<object>,
): OperationHandler {
  return async (call) => {
    const { caller, isGone } = call
    const keyPair = await keyPairs.next({ name: nameOf(caller), isGone })
    if (keyPair === 'full') {
      return refuse('ThrottlingException', 'Too many key pairs are waited for; try again')
    }
    if (keyPair === 'gone') return refuse('ServiceUnavailableException', 'Nobody waits any more')
    return operation(call, keyPair)
  }
}

function nameOf(caller: Caller): string {
  return caller.kind === 'operator' ? caller.accessKeyId : caller.certificateId
}
