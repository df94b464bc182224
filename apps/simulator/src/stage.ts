import type { IoTClient } from '@aws-sdk/client-iot'
import type { OnboardedFleet } from '@muster/fleet/control'
import type { Endpoints } from '@muster/fleet'
import type { RunPlan } from './run-plan.ts'
import type { RunRecord } from './run-record.ts'
import type { WorkerPool } from './worker/worker-pool.ts'

/** What phases act on; what they find out goes into the record. */
export interface Stage {
  readonly plan: RunPlan
  readonly record: RunRecord
  readonly client: IoTClient
  readonly endpoints: Endpoints
  readonly pool: WorkerPool
  readonly fleet: OnboardedFleet
  readonly runId: string
  /** For people: notes, a line each. */
  readonly log: (line: string) => void
  /** Gives up on connections after so long without a new one. */
  readonly stallSeconds: number
  readonly signal: AbortSignal | undefined
  /** When the first phase began: `atSeconds` counts from here. */
  readonly beganAtMs: number
}
