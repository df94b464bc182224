/** What the engine tells of things: requests before what they bring about, and nothing that was undone. */
import { expect, it } from 'vitest'
import { JobsEngine, MemoryJobsState, type ThingHappening } from '../src/index.ts'
import { FakeRegistry } from './fake-registry.ts'

/** A state that fails on demand when a thing is to be told of an execution that was made. */
class FailingState extends MemoryJobsState {
  isFailing = false

  override pending(
    ...asked: Parameters<MemoryJobsState['pending']>
  ): ReturnType<MemoryJobsState['pending']> {
    if (this.isFailing) throw new Error('damaged')
    return super.pending(...asked)
  }
}

interface Watched {
  readonly engine: JobsEngine
  readonly state: FailingState
  readonly told: () => readonly string[]
}

function watched(): Watched {
  const registry = new FakeRegistry()
  for (const name of ['T1', 'T2']) registry.things.add(name)
  const state = new FailingState()
  const heard: ThingHappening[] = []
  const engine = new JobsEngine({
    account: { region: 'us-east-1', accountId: '123456789012' },
    state,
    registry,
    publish: () => {},
    witness: (happening) => void heard.push(happening),
    newId: () => 'id',
    presign: (url) => url,
    eventsEnabled: () => false,
  })
  const line = (happening: ThingHappening): string =>
    happening.kind === 'request'
      ? `${happening.operation} ${happening.jobId ?? '-'} ${happening.code ?? 'ok'} ${happening.protocol}`
      : `${happening.execution.jobId} ${happening.execution.status} by ${happening.by}`
  return { engine, state, told: () => heard.splice(0).map(line) }
}

const targets = ['arn:aws:iot:us-east-1:123456789012:thing/T1']
const bytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

it('over MQTT and HTTPS the request is told before its effect, rejected ones with their code', () => {
  const { engine, told } = watched()
  engine.createJob({ jobId: 'J1', targets, document: '{}' }, 0)
  while (engine.runDue(0, 10)) continue
  expect(told()).toEqual(['J1 QUEUED by rollout'])
  engine.mqttCall('$aws/things/T1/jobs/$next/get')?.(bytes({}), 1)
  engine.startNextPendingJobExecution({ thingName: 'T1' }, 2)
  const update = engine.mqttCall('$aws/things/T1/jobs/J1/update')
  update?.(bytes({ status: 'FAILED', expectedVersion: 9 }), 3)
  update?.(bytes({ status: 'FAILED' }), 4)
  engine.updateJobExecution({ thingName: 'T1', jobId: 'J1', status: 'FAILED' }, 5)
  expect(told()).toEqual([
    'DescribeJobExecution - ok mqtt',
    'StartNextPendingJobExecution - ok https',
    'J1 IN_PROGRESS by device',
    'UpdateJobExecution J1 VersionMismatch mqtt',
    'UpdateJobExecution J1 ok mqtt',
    'J1 FAILED by device',
    'UpdateJobExecution J1 InvalidStateTransitionException https',
  ])
})

it('who ended an execution is told: an operator, or its job', () => {
  const { engine, told } = watched()
  for (const jobId of ['J1', 'J2']) engine.createJob({ jobId, targets, document: '{}' }, 0)
  while (engine.runDue(0, 10)) continue
  engine.cancelJobExecution({ jobId: 'J1', thingName: 'T1' }, 1)
  engine.cancelJob({ jobId: 'J2' }, 2)
  while (engine.runDue(3, 10)) continue
  expect(told().slice(2)).toEqual(['J1 CANCELED by operator', 'J2 CANCELED by job'])
})

it('what due work that threw would have told is not told', () => {
  const { engine, state, told } = watched()
  const two = [...targets, 'arn:aws:iot:us-east-1:123456789012:thing/T2']
  const jobExecutionsRolloutConfig = { maximumPerMinute: 1 }
  engine.createJob({ jobId: 'J1', targets: two, document: '{}', jobExecutionsRolloutConfig }, 0)
  expect(told()).toEqual(['J1 QUEUED by rollout'])
  state.isFailing = true
  engine.runDue(60_000, 10)
  // This state cannot undo: it was made, and then telling the thing of it failed.
  expect(state.latestExecution('J1', 'T2')?.status).toBe('QUEUED')
  expect(told()).toEqual([])
})
