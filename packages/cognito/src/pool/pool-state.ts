/** Pools in memory, written through to records. */
import type { Records } from '../ports.ts'
import type { IdentityPool } from './identity-pool.ts'

const kind = 'cognito-pool'

/** All pools, in order of creation. */
export class PoolState {
  readonly #records: Records
  readonly #pools = new Map<string, IdentityPool>()

  constructor(records: Records) {
    this.#records = records
    const pools = [...records.load(kind)].map(
      ({ value }) => JSON.parse(String(value)) as IdentityPool,
    )
    pools.sort((first, second) => first.sequence - second.sequence)
    for (const pool of pools) this.#pools.set(pool.identityPoolId, pool)
  }

  get size(): number {
    return this.#pools.size
  }

  get(identityPoolId: string): IdentityPool | undefined {
    return this.#pools.get(identityPoolId)
  }

  all(): readonly IdentityPool[] {
    return [...this.#pools.values()]
  }

  nextSequence(): number {
    return ([...this.#pools.values()].at(-1)?.sequence ?? 0) + 1
  }

  put(pool: IdentityPool): void {
    this.#pools.set(pool.identityPoolId, pool)
    this.#records.put(kind, pool.identityPoolId, JSON.stringify(pool))
  }

  delete(identityPoolId: string): void {
    if (this.#pools.delete(identityPoolId)) this.#records.delete(kind, identityPoolId)
  }

  clear(): void {
    for (const identityPoolId of this.#pools.keys()) this.delete(identityPoolId)
  }
}
