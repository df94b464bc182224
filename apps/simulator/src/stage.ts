import type { IoTClient } from '@aws-sdk/client-iot'
import type { OnboardedFleet } from './control/onboarding.ts'
import type { Endpoints } from './endpoints.ts'
import type { JobProgress } from './control/rollout.ts'
import type { DevicePlan } from './scenario/device-plan.ts'
import type { Progress } from './summary.ts'
import type { WorkerPool } from './worker/worker-pool.ts'

/** What phases act on, and what they leave for the summary. */
export interface Stage {
  readonly client: IoTClient
  readonly endpoints: Endpoints
  readonly pool: WorkerPool
  readonly fleet: OnboardedFleet
  readonly policyName: string
  /** Thing group of the whole fleet. */
  readonly rootGroup: string
  /** The fleet of all shards. */
  readonly plans: readonly DevicePlan[]
  /** This shard's part. */
  readonly mine: readonly DevicePlan[]
  readonly shard: { readonly index: number; readonly count: number }
  readonly runId: string
  /** Gives up on connections after so long without a new one. */
  readonly stallSeconds: number
  readonly signal: AbortSignal | undefined
  readonly log: (line: string) => void
  readonly beganAtMs: number
  phase: Progress['phase']
  job: JobProgress | undefined
  jobs: number
  jobCreatedAtMs: number
  /** CPU of the workers when the job was created. */
  jobCreatedCpuSeconds: number
  rolloutSeconds: number
  connectSeconds: number
  connectCpuSeconds: number
  orphanCertificates: number | undefined
  /** Devices whose certificates were taken away: they do not come back. */
  revoked: number
  /** What went wrong on the way, one sentence each. */
  readonly failures: string[]
}
