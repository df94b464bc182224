/**
 * What happens in a scenario, phase by phase.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { cancelJob } from '../control/rollout.ts'
import type { Phase } from '../scenario/scenario.ts'
import type { Stage } from '../stage.ts'
import { advanceClock } from './advance-clock.ts'
import { awaitState } from './await-state.ts'
import { revokeGroups, rotateCertificates } from './certificates.ts'
import { connect } from './connect.ts'
import { startJob } from './start-job.ts'
import { telemetry } from './telemetry.ts'

/**
 * Carries a phase out.
 *
 * @returns whether the scenario can go on; if not, the record's failures say why
 * @throws ControlPlaneError when an operator's request fails; Error when a worker process dies
 */
export async function carryOut(phase: Phase, stage: Stage): Promise<boolean> {
  const { pool, record, signal } = stage
  const untilMs = stage.beganAtMs + (phase.atSeconds ?? 0) * 1000
  const endsWith = signal === undefined ? {} : { signal }
  if (untilMs > Date.now()) await wait(untilMs - Date.now(), undefined, endsWith)
  signal?.throwIfAborted()
  const leads = stage.plan.shard.index === 0
  if ('connect' in phase) return await connect(stage, phase.connect)
  if ('job' in phase) return await startJob(stage, phase.job)
  if ('await' in phase) return await awaitState(stage, phase.await)
  if ('telemetry' in phase) await telemetry(stage, phase.telemetry)
  else if ('storm' in phase) await pool.order({ type: 'storm', ...phase.storm })
  else if ('wait' in phase) await wait(phase.wait.seconds * 1000, undefined, endsWith)
  else if ('drain' in phase) await pool.drain(phase.drain.overSeconds ?? 0)
  else if ('revoke' in phase) await revokeGroups(stage, phase.revoke)
  else if ('rotateCertificates' in phase) {
    await rotateCertificates(stage, phase.rotateCertificates.groups)
  } else if ('cancelJob' in phase && leads && record.job !== undefined) {
    await cancelJob(stage.client, record.job.jobId, phase.cancelJob.force ?? false)
  } else if ('advanceClock' in phase && leads) await advanceClock(stage, phase.advanceClock)
  return true
}
