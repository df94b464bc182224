import type { RunPlan } from '../run-plan.ts'
import type { FleetChange } from './fleet-change.ts'

/** A fleet whose processes are there: it can be changed until it leaves. */
export interface RunningFleet {
  readonly plan: RunPlan
  /** Resolves when every process has taken the change. */
  change(change: FleetChange): Promise<void>
}
