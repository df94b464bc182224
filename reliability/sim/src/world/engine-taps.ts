/**
 * Stands between the server and its Jobs engine: the model sees each command before it runs, and each
 * answer is held against what the rules say.
 */
import { isDeepStrictEqual } from 'node:util'
import type { JobsEngine } from '@muster/jobs'
import type { RegistryChange } from '@muster/registry'
import type { Services } from '@muster/server/in-process'
import type { Cause, JobsModel } from '../model/jobs-model.ts'
import {
  associate,
  cancelJob,
  deleteJob,
  judgeCancelExecution,
  judgeCreate,
  judgeDeleteExecution,
  newJob,
  updateJob,
  type JobsInput,
  type Verdict,
} from '../model/operator-commands.ts'
import { expectedReply, seconds, type DeviceRequest, type Fields } from '../model/replies.ts'
import { countsOf } from '../model/state.ts'
import type { Tally } from '../tally.ts'
import { must } from '../violation.ts'

/** A reply that a device is owed. */
export interface OwedReply {
  readonly topic: string
  readonly payload: string
}

/** Who hears of what the engine did. */
export interface EngineListener {
  /** The registry changed: the model follows now. */
  changing(): void
  /** The model has followed. */
  changed(change: RegistryChange): void
  /** An operator's command was applied. */
  commanded(): void
  /** A device's request over MQTT was answered. */
  replied(token: string | undefined, reply: OwedReply): void
}

interface Outcome {
  readonly ok: boolean
  readonly value?: unknown
  readonly error?: { readonly code: string; readonly members?: unknown }
}

/** Puts the model between a server and its engine. */
export function tapEngine(
  services: Services,
  model: JobsModel,
  tally: Tally,
  listener: EngineListener,
): void {
  const { engine } = services.jobs
  tapMqtt(engine, model, tally, listener)
  tapHttps(engine, model, tally)
  tapOperators(engine, model, tally, listener)
  const runDue = engine.runDue.bind(engine)
  engine.runDue = (nowMs, budget) =>
    within(model, { kind: 'due' }, nowMs, () => runDue(nowMs, budget))
  const onRegistryChange = services.jobs.onRegistryChange.bind(services.jobs)
  services.jobs.onRegistryChange = (change) => {
    listener.changing()
    follow(model, change)
    listener.changed(change)
    within(model, { kind: 'registry' }, services.clock.nowMs(), () => onRegistryChange(change))
  }
}

function within<T>(model: JobsModel, cause: Cause, nowMs: number, run: () => T): T {
  model.begin(cause, nowMs)
  const done = run()
  model.end()
  return done
}

/** Things and groups as the registry tells of them. */
function follow({ state: { registry } }: JobsModel, change: RegistryChange): void {
  if (change.kind === 'thing') {
    if (change.after === undefined) registry.things.delete(change.thingName)
    else registry.things.add(change.thingName)
  } else if (change.kind === 'thingGroup') {
    if (change.after === undefined) {
      registry.members.delete(change.thingGroupName)
      registry.parents.delete(change.thingGroupName)
    } else if (!registry.members.has(change.thingGroupName)) {
      registry.members.set(change.thingGroupName, new Set())
      registry.parents.set(change.thingGroupName, change.after.parentGroupName)
    }
  } else if (change.kind === 'thingGroupMembership') {
    const members = registry.members.get(change.thingGroupName)
    if (change.added) members?.add(change.thingName)
    else members?.delete(change.thingName)
  }
}

function tapMqtt(
  engine: JobsEngine,
  model: JobsModel,
  tally: Tally,
  listener: EngineListener,
): void {
  const mqttCall = engine.mqttCall.bind(engine)
  engine.mqttCall = (topic) => {
    const call = mqttCall(topic)
    if (call === undefined) return undefined
    const request = requestOf(topic)
    return (payload, nowMs) => {
      const fields = fieldsOf(payload)
      const expected = expectedReply(model.state, request, fields, nowMs)
      const told = structuredClone(expected.members)
      const versionBefore = expected.change?.execution.version
      const cause = { kind: 'device', thing: request.thing, fields: fields ?? {} } as const
      const answer = within(model, cause, nowMs, () => call(payload, nowMs))
      const token = fields?.['clientToken'] as string | undefined
      const isAccepted = expected.code === undefined
      const reply = JSON.parse(answer.reply.payload) as Record<string, unknown>
      delete reply['message']
      const wanted = {
        ...told,
        timestamp: seconds(nowMs),
        ...(token !== undefined && { clientToken: token }),
      }
      const wantedTopic = `${topic}/${isAccepted ? 'accepted' : 'rejected'}`
      must(
        answer.reply.topic === wantedTopic && isDeepStrictEqual(reply, wanted),
        'replies',
        () =>
          `${topic} ${JSON.stringify(fields)} was answered ${answer.reply.topic} ${answer.reply.payload}, not ${JSON.stringify(wanted)}`,
      )
      checkChange(expected.change, versionBefore, topic)
      tally.add('requests', `mqtt ${request.kind}`)
      if (!isAccepted) tally.add('refusals', `mqtt ${expected.code}`)
      listener.replied(token, answer.reply)
      return answer
    }
  }
}

/** What the request should have moved has moved. */
function checkChange(
  change: ReturnType<typeof expectedReply>['change'],
  versionBefore: number | undefined,
  topic: string,
): void {
  if (change === undefined) return
  const { status, version } = change.execution
  must(status === change.to && version === (versionBefore ?? 0) + 1, 'replies', () => {
    return `${topic} was accepted, but the execution is ${change.execution.status}`
  })
}

function tapHttps(engine: JobsEngine, model: JobsModel, tally: Tally): void {
  const tap = <Input extends { thingName?: string | undefined; jobId?: string | undefined }>(
    name: string,
    kind: DeviceRequest['kind'],
    run: (input: Input, nowMs: number) => unknown,
  ): ((input: Input, nowMs: number) => never) => {
    return (input, nowMs) => {
      const request = {
        kind,
        thing: input.thingName ?? '',
        jobId: input.jobId ?? '',
      } as DeviceRequest
      const fields = input as unknown as Fields
      const expected = expectedReply(model.state, request, fields, nowMs)
      const versionBefore = expected.change?.execution.version
      const cause = { kind: 'device', thing: request.thing, fields } as const
      const outcome = within(model, cause, nowMs, () => run(input, nowMs)) as Outcome
      const wanted = expected.code === undefined ? undefined : exceptionOf(expected.code)
      must(outcome.error?.code === wanted, 'replies', () => {
        return `${name} ${JSON.stringify(input)} was answered ${outcome.error?.code ?? 'well'}, not ${wanted ?? 'well'}`
      })
      checkChange(expected.change, versionBefore, name)
      tally.add('requests', `https ${kind}`)
      if (wanted !== undefined) tally.add('refusals', `https ${wanted}`)
      return outcome as never
    }
  }
  engine.startNextPendingJobExecution = tap(
    'StartNextPendingJobExecution',
    'start-next',
    engine.startNextPendingJobExecution.bind(engine),
  )
  engine.describeDeviceJobExecution = tap(
    'DescribeJobExecution',
    'describe',
    engine.describeDeviceJobExecution.bind(engine),
  )
  engine.updateJobExecution = tap(
    'UpdateJobExecution',
    'update',
    engine.updateJobExecution.bind(engine),
  )
}

/** jobs J49 to J51. */
function exceptionOf(code: string): string {
  if (code === 'TerminalStateReached') return 'TerminalStateException'
  if (code === 'VersionMismatch') return 'InvalidStateTransitionException'
  return `${code}Exception`
}

function tapOperators(
  engine: JobsEngine,
  model: JobsModel,
  tally: Tally,
  listener: EngineListener,
): void {
  const tap = <Input extends JobsInput>(
    operation: string,
    judge: (input: Input, nowMs: number) => Verdict,
    run: (input: Input, nowMs: number, more: string | undefined) => unknown,
  ): ((input: Input, nowMs: number, more?: string) => never) => {
    return (input, nowMs, more) => {
      const wanted = judge(input, nowMs)
      const cause = { kind: 'operator', operation, input } as const
      const outcome = within(model, cause, nowMs, () => run(input, nowMs, more)) as Outcome
      must(outcome.error?.code === wanted, 'operators', () => {
        return `${operation} ${JSON.stringify(input)} was answered ${outcome.error?.code ?? 'well'}, not ${wanted ?? 'well'}`
      })
      tally.add('operators', operation)
      listener.commanded()
      if (wanted !== undefined) tally.add('refusals', `${operation} ${wanted}`)
      return outcome as never
    }
  }
  const describeJob = engine.describeJob.bind(engine)
  engine.describeJob = (input, nowMs) => {
    const outcome = describeJob(input, nowMs)
    checkDescribed(model, input.jobId ?? '', outcome)
    tally.add('operators', 'DescribeJob')
    return outcome
  }
  engine.createJob = tap(
    'CreateJob',
    (input, nowMs) => {
      const verdict = judgeCreate(model.state, input)
      const { jobId = '' } = input
      if (verdict === undefined) model.state.jobs.set(jobId, newJob(model.state, input, nowMs))
      return verdict
    },
    engine.createJob.bind(engine) as never,
  )
  engine.updateJob = tap(
    'UpdateJob',
    (input, nowMs) => {
      const verdict = updateJob(model.state, input)
      const job = model.state.jobs.get(input.jobId ?? '')
      if (verdict === undefined && job?.isRolling === true) model.resume(job, nowMs)
      return verdict
    },
    engine.updateJob.bind(engine) as never,
  )
  engine.cancelJob = tap(
    'CancelJob',
    (input) => cancelJob(model.state, input),
    engine.cancelJob.bind(engine) as never,
  )
  engine.deleteJob = tap(
    'DeleteJob',
    (input) => deleteJob(model.state, input),
    engine.deleteJob.bind(engine) as never,
  )
  engine.associateTargetsWithJob = tap(
    'AssociateTargetsWithJob',
    (input, nowMs) => {
      const verdict = associate(model.state, input)
      const job = model.state.jobs.get(input.jobId ?? '')
      if (verdict === undefined && job !== undefined) model.resume(job, nowMs)
      return verdict
    },
    engine.associateTargetsWithJob.bind(engine) as never,
  )
  engine.cancelJobExecution = tap(
    'CancelJobExecution',
    (input) => judgeCancelExecution(model.state, input),
    engine.cancelJobExecution.bind(engine) as never,
  )
  engine.deleteJobExecution = tap(
    'DeleteJobExecution',
    (input) => judgeDeleteExecution(model.state, input),
    engine.deleteJobExecution.bind(engine) as never,
  )
}

/** jobs J73, J87: what an operator is told of a job. */
function checkDescribed(model: JobsModel, jobId: string, outcome: Outcome): void {
  const job = model.state.jobs.get(jobId)
  if (job === undefined || !outcome.ok) {
    must(job === undefined && !outcome.ok, 'operators', () => {
      return `DescribeJob of ${jobId} was answered ${JSON.stringify(outcome)}`
    })
    return
  }
  const { job: told } = outcome.value as { job: { status: string; jobProcessDetails: object } }
  const counts = countsOf(model.state, jobId)
  const wanted = {
    numberOfCanceledThings: counts.CANCELED,
    numberOfSucceededThings: counts.SUCCEEDED,
    numberOfFailedThings: counts.FAILED,
    numberOfRejectedThings: counts.REJECTED,
    numberOfQueuedThings: counts.QUEUED,
    numberOfInProgressThings: counts.IN_PROGRESS,
    numberOfRemovedThings: counts.REMOVED,
    numberOfTimedOutThings: counts.TIMED_OUT,
  }
  const { processingTargets: _, ...details } = told.jobProcessDetails as Record<string, unknown>
  const isTrue = told.status === job.status && isDeepStrictEqual(details, wanted)
  must(isTrue, 'counters', () => {
    return `DescribeJob says ${told.status} ${JSON.stringify(details)} of ${jobId}, which is ${job.status} ${JSON.stringify(wanted)}`
  })
}

/** `$aws/things/T1/jobs/J1/update` (jobs J1, J7, J8). */
function requestOf(topic: string): DeviceRequest {
  const [, , thing = '', , ...rest] = topic.split('/')
  const [first = '', second] = rest
  if (rest.length === 1 && first === 'get') return { kind: 'get', thing }
  if (rest.length === 1 && first === 'start-next') return { kind: 'start-next', thing }
  const isJob = first === '$next' ? second === 'get' : /^[a-zA-Z0-9_-]{1,64}$/.test(first)
  if (rest.length === 2 && isJob && second === 'get')
    return { kind: 'describe', thing, jobId: first }
  if (rest.length === 2 && isJob && second === 'update')
    return { kind: 'update', thing, jobId: first }
  return { kind: 'unknown', thing }
}

/** jobs J9, J10. */
function fieldsOf(payload: Uint8Array): Fields | undefined {
  if (payload.byteLength === 0) return {}
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined
  } catch {
    return undefined
  }
}
