/** An engine with two things and a group, as an operator and a device meet it. */
import { AwsProtocol, operationsOf } from '@muster/aws-protocol'
import { JobsEngine, MemoryJobsState, type JobRegistry } from '@muster/jobs'

const protocol = new AwsProtocol()
const createJob = operationsOf('iot').find(({ name }) => name === 'CreateJob')
const NOW_MS = Date.UTC(2026, 10, 22, 10)
const HOUR_MS = 3_600_000
/** Work of one step; more in an hour has no end. */
const WORK_MAX = 20_000

const registry: JobRegistry = {
  thingExists: (name) => name === 'T1' || name === 'T2',
  groupExists: (name) => name === 'G',
  thingsInGroup: (name) => (name === 'G' ? ['T1', 'T2'] : []),
  groupsOfThing: () => ['G'],
  ancestorsOfGroup: () => [],
  groupId: (name) => (name === 'G' ? 'id-of-G' : undefined),
  groupNameOfId: (id) => (id === 'id-of-G' ? 'G' : undefined),
  addTags: () => {},
  dropTags: () => {},
}

/** One engine and its clock. */
export class JobsWorld {
  readonly engine: JobsEngine
  nowMs: number = NOW_MS

  constructor() {
    let ids = 0
    this.engine = new JobsEngine({
      account: { region: 'us-east-1', accountId: '123456789012' },
      state: new MemoryJobsState(),
      registry,
      publish: ({ payload }) => void JSON.parse(payload),
      newId: () => `id-${(ids += 1)}`,
      presign: (method, url) => `https://links/?m=${method}&u=${url}`,
      eventsEnabled: () => true,
      workFailed: ({ cause }) => {
        throw cause
      },
    })
  }

  /** CreateJob as a request has it: the body of the message, read and checked by the protocol. */
  create(body: Uint8Array): boolean {
    if (createJob === undefined) throw new Error('the SDK has no CreateJob')
    const labels = { jobId: 'J' }
    const read = protocol
      .codec(createJob)
      .readInput({ labels, query: new Map(), headers: {}, body })
    return read.ok && this.engine.createJob(read.value as never, this.nowMs).ok
  }

  /** Publishes to a topic of thing T1; a reply is JSON. */
  ask(topic: string, payload: Uint8Array): void {
    const answer = this.engine.mqttCall(`$aws/things/T1/jobs/${topic}`)?.(payload, this.nowMs)
    if (answer !== undefined) JSON.parse(answer.reply.payload)
  }

  /** An hour passes. */
  advance(): void {
    const untilMs = this.nowMs + HOUR_MS
    for (let work = 0; ; work++) {
      if (work > WORK_MAX) throw new Error('work falls due without end')
      const dueAtMs = this.engine.nextDueAtMs()
      if (dueAtMs === undefined || dueAtMs > untilMs) break
      this.nowMs = Math.max(this.nowMs, dueAtMs)
      this.engine.runDue(this.nowMs, 100)
    }
    this.nowMs = untilMs
  }
}

/** JSON as bytes. */
export function json(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}
