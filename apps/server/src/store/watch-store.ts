/** What the server tells of a database that keeps its account: health, metrics. */
import { reasonOf, type LedStore } from '@muster/store'
import type { Health } from '../health.ts'
import type { Metrics } from '../metrics.ts'

const PART = 'the database'

/** Tells of a store from now on. */
export function watchStore(
  store: LedStore,
  { health, metrics }: { readonly health: Health; readonly metrics: Metrics },
): void {
  metrics.meterStore(() => store.figures)
  store.observe({
    lost: (cause) => health.failed(PART, new Error(`out of reach: ${reasonOf(cause)}`, { cause })),
    regained: () => health.works(PART),
    confirmed: (durationMs, turns) => metrics.confirmed(durationMs, turns),
  })
}
