import { installedCount } from '../control/package-rollout.ts'
import { executed, jobProgress, jobState } from '../control/rollout.ts'
import type { RunPlan } from '../run-plan.ts'
import type { Phase } from '../scenario/scenario.ts'
import type { Stage } from '../stage.ts'
import { AWAIT_SECONDS, holds } from './holds.ts'

type Awaited = Extract<Phase, { await: unknown }>['await']

/**
 * Waits for what an `await` phase names, looking at the job meanwhile.
 *
 * @returns whether it came about; if not, the record has the failure
 */
export async function awaitState(stage: Stage, awaited: Awaited): Promise<boolean> {
  const { what, timeoutSeconds = AWAIT_SECONDS } = awaited
  const { client, plan, pool, record } = stage
  const count = defaultCount(stage, awaited) ?? ownShare(awaited, plan)
  const goal =
    what === 'job' ? 'the job to end' : what === 'connected' ? 'all connected' : `${count} ${what}`
  return await holds(stage, timeoutSeconds, goal, async () => {
    if (record.job !== undefined) record.jobSeen(await jobProgress(client, record.job.jobId))
    const counts = pool.counts()
    const { job } = record
    switch (what) {
      case 'job':
        return { done: record.isJobOver, state: job === undefined ? 'no job' : jobState(job) }
      case 'connected': {
        const expected = plan.mine.length - record.revoked
        return { done: counts.connected >= expected, state: `${counts.connected} of ${expected}` }
      }
      case 'started':
        return { done: counts.started >= count, state: `${counts.started}` }
      case 'executed': {
        const ended = job === undefined ? 0 : executed(job)
        return { done: ended >= count, state: `${ended}` }
      }
      case 'installed': {
        const { rollout } = record
        const installed =
          rollout === undefined ? 0 : await installedCount(client, plan.rootGroup, rollout)
        return { done: installed >= count, state: `${installed}` }
      }
      case 'denials':
        return { done: counts.expectedDenials >= count, state: `${counts.expectedDenials}` }
    }
  })
}

/** Where no count is given; undefined where one must be. */
function defaultCount({ plan, record }: Stage, { count, what }: Awaited): number | undefined {
  if (count !== undefined) return undefined
  if (what === 'executed') return record.jobTargets
  if (what !== 'installed') return undefined
  const name = record.rollout?.name
  return plan.plans.filter(({ group }) => group.installed?.package === name).length
}

/** How many a shard waits for: what devices count themselves is spread over all shards. */
function ownShare({ what, count = 0 }: Awaited, { mine, plans }: RunPlan): number {
  const isOwnCount = what === 'started' || what === 'denials'
  return isOwnCount ? Math.floor((count * mine.length) / plans.length) : count
}
