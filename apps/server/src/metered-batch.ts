/**
 * The store's batch with what every commit of a server carries and tells: the time, and how long it
 * took.
 */
import type { Store } from '@muster/store'
import type { Batch } from './turn.ts'

/** What goes with a commit. */
export interface CommitCompanions {
  /** Writes what belongs to every commit. */
  before(): void
  /** Told of each commit that succeeded. */
  committed(durationMs: number): void
}

/** The store as a turn commits it. */
export function meteredBatch(store: Store, companions: CommitCompanions): Batch {
  return {
    get dirty() {
      return store.dirty
    },
    onBatchOpened: (opened) => store.onBatchOpened(opened),
    commit: () => {
      const startedMs = performance.now()
      companions.before()
      store.commit()
      companions.committed(performance.now() - startedMs)
    },
    confirmation: store.confirmation,
    rollback: () => store.rollback(),
  }
}
