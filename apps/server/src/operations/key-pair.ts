/**
 * Operations that return a new key pair (gateway G87, G106): they wait their turn for it.
 */
import { refuse, type Outcome } from '@muster/model'
import type { KeyPairPem } from '@muster/pki'
import type { KeyPairs } from '../provisioning/key-pairs.ts'
import type { Caller, OperationCall, OperationHandler } from './operation.ts'

/** Where pairs come from, and what time it is when one is there. */
export interface KeyPairSource {
  readonly keyPairs: KeyPairs
  /** Clock time, epoch milliseconds. */
  nowMs(): number
}

/** A handler that is given a pair besides its input; its time is that after the wait. */
export function withKeyPair(
  source: KeyPairSource,
  operation: (input: OperationCall['input'], keyPair: KeyPairPem, nowMs: number) => Outcome<object>,
): OperationHandler {
  return async ({ caller, input, isGone }) => {
    const keyPair = await source.keyPairs.next({ name: nameOf(caller), isGone })
    if (keyPair === 'full') {
      return refuse('ThrottlingException', 'Too many key pairs are waited for; try again')
    }
    if (keyPair === 'gone') {
      return refuse('ServiceUnavailableException', 'The server stopped or was reset meanwhile')
    }
    return operation(input, keyPair, source.nowMs())
  }
}

function nameOf(caller: Caller): string {
  return caller.kind === 'operator' ? caller.accessKeyId : caller.certificateId
}
