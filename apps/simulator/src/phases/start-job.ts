import { paginateListThingsInThingGroup } from '@aws-sdk/client-iot'
import { isRefusal, serverClock } from '@muster/fleet/control'
import { createOtaUpdate } from '../control/ota-update.ts'
import { createJob, jobProgress } from '../control/rollout.ts'
import { packageTargets } from '../control/package-rollout.ts'
import { versionGroup } from '../control/version-group.ts'
import { groupName } from '../group-name.ts'
import { otaSigner } from '../ota-signer.ts'
import type { DeviceGroup, ScenarioJob } from '../scenario/scenario.ts'
import type { Stage } from '../stage.ts'
import { AWAIT_SECONDS, holds } from './holds.ts'

/**
 * Creates the job, or waits until shard 0 has.
 *
 * @returns whether there is one
 */
export async function startJob(stage: Stage, job: ScenarioJob): Promise<boolean> {
  const { client, endpoints, fleet, plan, pool, record, runId } = stage
  const { rootGroup, shard } = plan
  record.phase = 'rollout'
  const number = record.nextJobNumber()
  const name = `${rootGroup}-${runId}${number === 1 ? '' : `-${number}`}`
  const { ota } = job
  // The service names the job of an OTA update.
  const jobId = ota === undefined ? name : `AFR_OTA-${name}`
  if (shard.index === 0) {
    if (shard.count > 1 && !(await allOnboarded(stage))) return false
    const root = fleet.groupArns.get(rootGroup) ?? ''
    // A group that is the only one has no thing group of its own.
    const arnOf = (name: string): string => fleet.groupArns.get(groupName(rootGroup, name)) ?? root
    const { nowMs } = await serverClock(endpoints)
    if (job.package !== undefined) {
      const { destination, thingGroupArn } = await packageTargets(client, rootGroup, job.package)
      await createJob(client, jobId, [thingGroupArn], job, nowMs, [destination])
    } else {
      const targets =
        job.reportedVersion === undefined
          ? (job.groups?.map(arnOf) ?? [root])
          : [await versionGroup(client, rootGroup, job.reportedVersion)]
      const distinct = [...new Set(targets)]
      if (ota === undefined) await createJob(client, jobId, distinct, job, nowMs)
      else await createOtaUpdate(client, name, distinct, { ...job, ota }, otaSigner(plan.seed))
    }
  } else if (!(await appears(stage, jobId))) return false
  if (job.package !== undefined) record.rollout = job.package
  const targets = plan.plans.filter(({ group }) => isTarget(job, group))
  record.jobCreated(await jobProgress(client, jobId), targets, pool.counts().cpuSeconds)
  return true
}

function isTarget(
  { groups, package: rollout, reportedVersion }: ScenarioJob,
  { installed, name, reportedVersion: reported }: DeviceGroup,
): boolean {
  if (rollout !== undefined) {
    return installed?.package === rollout.name && installed.version === rollout.from
  }
  if (reportedVersion !== undefined) return reported === reportedVersion
  return groups?.includes(name) ?? true
}

/** The other shards' devices must be there before a snapshot of the group is taken. */
async function allOnboarded(stage: Stage): Promise<boolean> {
  const { client, plan } = stage
  const devices = plan.plans.length
  return await holds(stage, AWAIT_SECONDS, `${devices} devices of all shards`, async () => {
    let members = 0
    const input = { thingGroupName: plan.rootGroup, recursive: true }
    for await (const page of paginateListThingsInThingGroup({ client, pageSize: 250 }, input)) {
      members += page.things?.length ?? 0
    }
    return { done: members >= devices, state: `${members} of them` }
  })
}

async function appears(stage: Stage, jobId: string): Promise<boolean> {
  return await holds(stage, AWAIT_SECONDS, `job \`${jobId}\` of shard 0`, async () => {
    try {
      await jobProgress(stage.client, jobId)
      return { done: true, state: '' }
    } catch (cause) {
      if (!isRefusal(cause, 'ResourceNotFoundException')) throw cause
      return { done: false, state: 'no such job' }
    }
  })
}
