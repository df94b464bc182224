/** Everything identity pools hold. */
import { refused, type CognitoOutcome } from './cognito-code.ts'
import { IdentityState, type PoolIdentity } from './identity/identity-state.ts'
import type { IdentityPool } from './pool/identity-pool.ts'
import { PoolState } from './pool/pool-state.ts'
import type { CognitoPorts } from './ports.ts'

/** Pools and identities with the ports they work through. */
export interface CognitoState {
  readonly ports: CognitoPorts
  readonly pools: PoolState
  readonly identities: IdentityState
}

/** Loads what the records hold. */
export function openState(ports: CognitoPorts): CognitoState {
  const { records } = ports
  return { ports, pools: new PoolState(records), identities: new IdentityState(records) }
}

/** Forgets everything, durable records included. */
export function resetState({ pools, identities }: CognitoState): void {
  identities.clear()
  pools.clear()
}

/** The pool, or `ResourceNotFoundException` (identities I71). */
export function poolOf({ pools }: CognitoState, id: string): CognitoOutcome<IdentityPool> {
  const pool = pools.get(id)
  return pool === undefined
    ? refused('ResourceNotFoundException', `IdentityPool '${id}' not found.`)
    : { ok: true, value: pool }
}

/** The identity with its pool, or `ResourceNotFoundException` (identities I80). */
export function identityOf(
  { pools, identities }: CognitoState,
  id: string,
): CognitoOutcome<{ readonly identity: PoolIdentity; readonly pool: IdentityPool }> {
  const identity = identities.get(id)
  const pool = identity === undefined ? undefined : pools.get(identity.identityPoolId)
  return identity === undefined || pool === undefined
    ? refused('ResourceNotFoundException', `Identity '${id}' not found.`)
    : { ok: true, value: { identity, pool } }
}
