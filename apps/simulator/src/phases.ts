/**
 * What happens in a scenario, phase by phase.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { paginateListThingsInThingGroup } from '@aws-sdk/client-iot'
import { orphanCertificates, renew, retire, revoke } from './control/certificates.ts'
import { isRefusal } from './control/control-plane.ts'
import { cancelJob, createJob, executed, jobProgress } from './control/rollout.ts'
import { advanceServerClock, serverClock } from './control/server-clock.ts'
import { groupName } from './group-name.ts'
import type { Phase, ScenarioJob } from './scenario/scenario.ts'
import type { Stage } from './stage.ts'

const LOOK_EVERY_MS = 250
const AWAIT_SECONDS = 300
const SETTLE_MS = 5000
const SETTLE_LOOK_MS = 15

/**
 * Carries a phase out.
 *
 * @returns whether the scenario can go on; if not, `stage.failures` says why
 * @throws ControlPlaneError when an operator's request fails; Error when nothing could connect
 */
export async function carryOut(phase: Phase, stage: Stage): Promise<boolean> {
  const untilMs = stage.beganAtMs + (phase.atSeconds ?? 0) * 1000
  if (untilMs > Date.now()) await wait(untilMs - Date.now(), undefined, signalOf(stage))
  stage.signal?.throwIfAborted()
  const leads = stage.shard.index === 0
  if ('connect' in phase) return await connect(stage, phase.connect.overSeconds ?? 0)
  if ('job' in phase) return await startJob(stage, phase.job)
  if ('await' in phase) return await awaitState(stage, phase.await)
  if ('storm' in phase) await stage.pool.order({ type: 'storm', ...phase.storm })
  else if ('wait' in phase) await wait(phase.wait.seconds * 1000, undefined, signalOf(stage))
  else if ('drain' in phase) await stage.pool.drain(phase.drain.overSeconds ?? 0)
  else if ('revoke' in phase) await revokeGroups(stage, phase.revoke)
  else if ('rotateCertificates' in phase) await rotate(stage, phase.rotateCertificates.groups)
  else if ('cancelJob' in phase && leads && stage.job !== undefined) {
    await cancelJob(stage.client, stage.job.jobId, phase.cancelJob.force ?? false)
  } else if ('advanceClock' in phase && leads) await advance(stage, phase.advanceClock)
  return true
}

function signalOf(stage: Stage): { signal?: AbortSignal } {
  return stage.signal === undefined ? {} : { signal: stage.signal }
}

/** Connects the fleet and waits until all are, or until no more come. */
async function connect(stage: Stage, overSeconds: number): Promise<boolean> {
  stage.phase = 'connecting'
  const beganAtMs = Date.now()
  const cpuBefore = stage.pool.counts().cpuSeconds
  const ordered = stage.pool.order({ type: 'connect', overSeconds })
  // A failure is found by `check` below, before anyone waits for the order.
  ordered.catch(() => {})
  let best = 0
  let bestAtMs = beganAtMs
  while (best < stage.mine.length) {
    stage.signal?.throwIfAborted()
    stage.pool.check()
    const { everConnected } = stage.pool.counts()
    if (everConnected > best) {
      best = everConnected
      bestAtMs = Date.now()
    }
    const sinceMs = Date.now() - Math.max(bestAtMs, beganAtMs + overSeconds * 1000)
    if (sinceMs > stage.stallSeconds * 1000) break
    await wait(50)
  }
  stage.connectSeconds = (bestAtMs - beganAtMs) / 1000
  stage.connectCpuSeconds = stage.pool.counts().cpuSeconds - cpuBefore
  if (best === 0) throw new Error(whyNobody(stage))
  if (best === stage.mine.length) await ordered
  else stage.failures.push(`${stage.mine.length - best} devices never connected`)
  stage.phase = 'running'
  return true
}

function whyNobody(stage: Stage): string {
  const { errors, denied } = stage.pool.counts()
  const [first] = Object.entries(errors).sort((a, b) => b[1] - a[1])
  const refused = Object.keys(denied).length > 0
  const why = refused ? 'the server closes the connection at CONNECT' : (first?.[0] ?? 'no answer')
  return `no device could connect within ${stage.stallSeconds} s: ${why}`
}

async function startJob(stage: Stage, job: ScenarioJob): Promise<boolean> {
  stage.phase = 'rollout'
  const number = ++stage.jobs
  const jobId = `${stage.rootGroup}-${stage.runId}${number === 1 ? '' : `-${number}`}`
  if (stage.shard.index === 0) {
    if (stage.shard.count > 1 && !(await allOnboarded(stage))) return false
    const groups =
      job.groups === undefined
        ? [stage.rootGroup]
        : job.groups.map((name) => groupName(stage.rootGroup, name))
    const targets = groups.map((group) => stage.fleet.groupArns.get(group) ?? '')
    const { nowMs } = await serverClock(stage.endpoints)
    await createJob(stage.client, jobId, targets, job, nowMs)
  } else if (!(await appears(stage, jobId))) return false
  stage.jobCreatedAtMs = Date.now()
  stage.jobCreatedCpuSeconds = stage.pool.counts().cpuSeconds
  stage.job = await jobProgress(stage.client, jobId)
  return true
}

/** The other shards' devices must be there before a snapshot of the group is taken. */
async function allOnboarded(stage: Stage): Promise<boolean> {
  const { client, rootGroup, plans } = stage
  return await holds(stage, AWAIT_SECONDS, `${plans.length} devices of all shards`, async () => {
    let members = 0
    const input = { thingGroupName: rootGroup, recursive: true }
    for await (const page of paginateListThingsInThingGroup({ client, pageSize: 250 }, input)) {
      members += page.things?.length ?? 0
    }
    return { done: members >= plans.length, state: `${members} of them` }
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

type Awaited = Extract<Phase, { await: unknown }>['await']

async function awaitState(stage: Stage, awaited: Awaited): Promise<boolean> {
  const { what, count = 0, timeoutSeconds = AWAIT_SECONDS } = awaited
  const goal =
    what === 'job' ? 'the job to end' : what === 'connected' ? 'all connected' : `${count} ${what}`
  return await holds(stage, timeoutSeconds, goal, async () => {
    if (stage.job !== undefined) {
      stage.job = await jobProgress(stage.client, stage.job.jobId)
      if (isOver(stage)) stage.rolloutSeconds = (Date.now() - stage.jobCreatedAtMs) / 1000
    }
    const counts = stage.pool.counts()
    const { job } = stage
    switch (what) {
      case 'job':
        return { done: isOver(stage), state: JSON.stringify(job) }
      case 'connected': {
        const expected = stage.mine.length - stage.revoked
        return { done: counts.connected >= expected, state: `${counts.connected} of ${expected}` }
      }
      case 'started':
        return { done: counts.started >= count, state: `${counts.started}` }
      case 'executed': {
        const ended = job === undefined ? 0 : executed(job)
        return { done: ended >= count, state: `${ended}` }
      }
      case 'denials':
        return { done: counts.expectedDenials >= count, state: `${counts.expectedDenials}` }
    }
  })
}

function isOver({ job }: Stage): boolean {
  return job?.status === 'COMPLETED' || job?.status === 'CANCELED'
}

/**
 * Waits until a look says so; gives up once nothing has changed for `timeoutSeconds`, or after ten
 * times as long in any case.
 */
async function holds(
  stage: Stage,
  timeoutSeconds: number,
  goal: string,
  look: () => Promise<{ done: boolean; state: string }>,
): Promise<boolean> {
  const beganAtMs = Date.now()
  let changedAtMs = beganAtMs
  let before = ''
  while (true) {
    stage.signal?.throwIfAborted()
    stage.pool.check()
    const { done, state } = await look()
    if (done) return true
    if (state !== before) changedAtMs = Date.now()
    before = state
    const nowMs = Date.now()
    if (nowMs - changedAtMs > timeoutSeconds * 1000) {
      stage.failures.push(`waited for ${goal}, stood still for ${timeoutSeconds} s at: ${state}`)
      return false
    }
    if (nowMs - beganAtMs > timeoutSeconds * 10_000) {
      stage.failures.push(`waited for ${goal} for ${timeoutSeconds * 10} s, now: ${state}`)
      return false
    }
    await wait(LOOK_EVERY_MS)
  }
}

function thingNames(stage: Stage, groups?: readonly string[]): string[] {
  return stage.mine
    .filter(({ group }) => groups === undefined || groups.includes(group.name))
    .map(({ thingName }) => thingName)
}

async function revokeGroups(
  stage: Stage,
  { groups, status = 'REVOKED' }: { groups: readonly string[]; status?: 'REVOKED' | 'INACTIVE' },
): Promise<void> {
  const names = thingNames(stage, groups)
  await stage.pool.order({ type: 'expect-refusal', groups })
  await revoke({ ...stage, identities: stage.fleet.identities, thingNames: names }, status)
  stage.revoked += names.length
}

/** New certificates first, then the devices move over, then the old ones go. */
async function rotate(stage: Stage, groups?: readonly string[]): Promise<void> {
  const round = {
    client: stage.client,
    policyName: stage.policyName,
    identities: stage.fleet.identities,
    thingNames: thingNames(stage, groups),
  }
  const retired = await renew(round)
  await stage.pool.order({ type: 'restart', ...(groups === undefined ? {} : { groups }) })
  if (!(await awaitState(stage, { what: 'connected' }))) return
  await retire(round, retired)
  stage.orphanCertificates = await orphanCertificates(round)
}

async function advance(
  stage: Stage,
  { minutes, stepMinutes = minutes }: { minutes: number; stepMinutes?: number },
): Promise<void> {
  for (let passed = 0; passed < minutes; passed += stepMinutes) {
    stage.signal?.throwIfAborted()
    stage.pool.check()
    const step = Math.min(stepMinutes, minutes - passed)
    await advanceServerClock(stage.endpoints, Math.round(step * 60))
    await settle(stage)
    if (stage.job === undefined) continue
    stage.job = await jobProgress(stage.client, stage.job.jobId)
    if (!isOver(stage)) continue
    stage.rolloutSeconds = (Date.now() - stage.jobCreatedAtMs) / 1000
    return
  }
}

/**
 * Lets devices finish what a step gave them, at most a few seconds. The server has written its
 * messages when it answers the step, so a step that nobody reacts to is over at once.
 */
async function settle(stage: Stage): Promise<void> {
  const deadlineMs = Date.now() + SETTLE_MS
  let before = ''
  while (Date.now() < deadlineMs) {
    await wait(SETTLE_LOOK_MS)
    await stage.pool.order({ type: 'report' })
    const { running, started, succeeded, failed, rejected } = stage.pool.counts()
    const now = [started, succeeded, failed, rejected].join(' ')
    if (running === 0 && now === before) return
    before = now
  }
}
