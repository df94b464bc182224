/**
 * The Jobs agent on a virtual clock and a transport that the test plays.
 */
import { VirtualClock } from '@muster/clock'
import { accept, refuse } from '@muster/model'
import { expect, it } from 'vitest'
import {
  JobsAgent,
  type JobExecution,
  type JobHandler,
  type JobResult,
  type JobsAgentOptions,
  type JobsTransport,
  type Reply,
  type UpdateReply,
  type UpdateRequest,
} from '../src/index.ts'

const execution = (more: Partial<JobExecution> = {}): JobExecution => ({
  jobId: 'a',
  executionNumber: 1,
  versionNumber: 2,
  status: 'IN_PROGRESS',
  queuedAt: 1,
  lastUpdatedAt: 1,
  jobDocument: { operation: 'run' },
  ...more,
})

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

/** An agent, what it asked, and the means to answer. */
class Stage {
  readonly clock = new VirtualClock(0)
  readonly asked: string[] = []
  readonly updates: UpdateRequest[] = []
  readonly events: string[] = []
  next: (Reply<JobExecution | undefined> | JobExecution)[] = []
  describes: Reply<JobExecution | undefined>[] = []
  replies: Reply<UpdateReply>[] = []
  readonly agent: JobsAgent

  constructor(handler: JobHandler, options: Partial<JobsAgentOptions> = {}) {
    const transport: JobsTransport = {
      startNext: async ({ stepTimeoutInMinutes }) => {
        this.asked.push(
          stepTimeoutInMinutes === undefined ? 'start-next' : `start-next ${stepTimeoutInMinutes}`,
        )
        const next = this.next.shift()
        return next === undefined ? accept(undefined) : 'ok' in next ? next : accept(next)
      },
      describe: async (jobId) => {
        this.asked.push(`describe ${jobId}`)
        return this.describes.shift() ?? accept(undefined)
      },
      pending: async () => accept({ inProgressJobs: [], queuedJobs: [] }),
      update: async (_jobId, request) => {
        this.asked.push(`update ${request.status}`)
        this.updates.push(request)
        return this.replies.shift() ?? accept({})
      },
    }
    this.agent = new JobsAgent(transport, {
      handlers: { run: handler },
      clock: this.clock,
      wallClock: this.clock,
      random: () => 0,
      observer: {
        started: ({ jobId }) => this.events.push(`started ${jobId}`),
        finished: ({ jobId }, { status }) => this.events.push(`finished ${jobId} ${status}`),
        cancelled: ({ jobId }, { code }) => this.events.push(`cancelled ${jobId} ${code}`),
      },
      ...options,
    })
  }
}

/** A handler that ends when the test says so. */
const held = (): {
  handler: JobHandler
  end: (result?: JobResult) => void
  aborted: () => boolean
} => {
  const gate = Promise.withResolvers<JobResult>()
  let signal: AbortSignal | undefined
  return {
    handler: (job) => {
      signal = job.signal
      return gate.promise
    },
    end: (result = { status: 'SUCCEEDED' }) => gate.resolve(result),
    aborted: () => signal?.aborted === true,
  }
}

it('jobs J117: each accepted start ends in exactly one terminal update', async () => {
  const stage = new Stage(() => ({ status: 'FAILED', statusDetails: { reason: 'no space' } }))
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  expect(stage.asked).toEqual(['start-next', 'update FAILED'])
  expect(stage.updates).toEqual([
    { status: 'FAILED', statusDetails: { reason: 'no space' }, executionNumber: 1 },
  ])
})

it('jobs J117: a handler that throws means FAILED with its message', async () => {
  const stage = new Stage(() => {
    throw new Error('disk on fire')
  })
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  expect(stage.updates).toMatchObject([
    { status: 'FAILED', statusDetails: { reason: 'disk on fire' } },
  ])
})

it.each([
  ['no document', undefined, 'job document is not a JSON object'],
  ['no operation', {}, 'job document names no `operation`'],
  ['an unknown operation', { operation: 'fly' }, 'no handler for `fly`'],
  ['a name from Object', { operation: 'toString' }, 'no handler for `toString`'],
  [
    'a step without action',
    { version: '1.0', steps: [{}] },
    'a step of the job document has no action',
  ],
])('jobs J117: %s is REJECTED with a reason', async (_what, jobDocument, reason) => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }))
  stage.next = [execution({ jobDocument })]
  stage.agent.up()
  await settle()
  expect(stage.updates).toMatchObject([{ status: 'REJECTED', statusDetails: { reason } }])
})

it('jobs J116: steps run in order, a failing one ends them unless it may be ignored', async () => {
  const step = (handler: string, ignoreStepFailure = false): object => ({
    action: { name: `do ${handler}`, type: 'runHandler', input: { handler }, ignoreStepFailure },
  })
  const ran: string[] = []
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }), {
    handlers: {
      good: () => (ran.push('good'), { status: 'SUCCEEDED' }),
      bad: () => (ran.push('bad'), { status: 'FAILED' }),
    },
  })
  const steps = [step('bad', true), step('good'), step('bad'), step('good')]
  stage.next = [execution({ jobDocument: { version: '1.0', steps } })]
  stage.agent.up()
  await settle()
  expect(ran).toEqual(['bad', 'good', 'bad'])
  expect(stage.updates).toMatchObject([{ status: 'FAILED', statusDetails: { step: 'do bad' } }])
})

it('jobs J114: a duplicate notify-next of a finished execution is not run again', async () => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }))
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  stage.agent.notifyNext(execution())
  await settle()
  expect(stage.asked).toEqual(['start-next', 'update SUCCEEDED'])
  stage.agent.notifyNext(execution({ executionNumber: 2 }))
  await settle()
  expect(stage.asked.at(-1)).toBe('start-next')
})

it('jobs J119, D26: another execution waits until the running one has ended', async () => {
  const { handler, end } = held()
  const stage = new Stage(handler)
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  stage.describes = [accept(execution())]
  stage.next = [execution({ jobId: 'b' })]
  stage.agent.notifyNext(execution({ jobId: 'b', status: 'QUEUED' }))
  await settle()
  expect(stage.asked).toEqual(['start-next', 'describe a'])
  end()
  await settle()
  expect(stage.events).toEqual([
    'started a',
    'finished a SUCCEEDED',
    'started b',
    'finished b SUCCEEDED',
  ])
})

it('a notify-next that the running job has gone from the queue leads to a look, and its end', async () => {
  const { handler, aborted } = held()
  const stage = new Stage(handler)
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  stage.describes = [refuse('TerminalStateReached', 'canceled')]
  stage.agent.notifyNext(undefined)
  await settle()
  expect(aborted()).toBe(true)
  expect(stage.events).toEqual(['started a', 'cancelled a TerminalStateReached'])
  expect(stage.asked).toEqual(['start-next', 'describe a', 'start-next'])
})

it('jobs J114: after a reconnect a running job is looked up, an idle agent asks for work', async () => {
  const { handler, aborted } = held()
  const stage = new Stage(handler)
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  stage.agent.down()
  stage.describes = [refuse('ResourceNotFound', 'deleted')]
  stage.agent.up()
  await settle()
  expect(aborted()).toBe(true)
  expect(stage.asked).toEqual(['start-next', 'describe a', 'start-next'])
})

it.each(['RequestThrottled', 'InternalError', 'Timeout'])(
  'jobs J114: `%s` is tried again after a growing wait',
  async (code) => {
    const stage = new Stage(() => ({ status: 'SUCCEEDED' }))
    stage.next = [execution()]
    stage.replies = [refuse(code, ''), refuse(code, '')]
    stage.agent.up()
    await settle()
    expect(stage.updates).toHaveLength(1)
    await stage.clock.advance(9_999, settle)
    expect(stage.updates).toHaveLength(1)
    await stage.clock.advance(1, settle)
    expect(stage.updates).toHaveLength(2)
    await stage.clock.advance(20_000, settle)
    expect(stage.updates).toHaveLength(3)
    expect(stage.events).toEqual(['started a', 'finished a SUCCEEDED'])
  },
)

it('an outcome that could not be told waits for the connection', async () => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }))
  stage.next = [execution()]
  stage.replies = [refuse('Disconnected', '')]
  stage.agent.up()
  stage.agent.down()
  await settle()
  await stage.clock.advance(1_000_000, settle)
  expect(stage.updates.length).toBeLessThanOrEqual(1)
  stage.replies = []
  stage.agent.up()
  await settle()
  expect(stage.events).toEqual(['started a', 'finished a SUCCEEDED'])
})

it('an outcome that could not be told, over HTTPS, is tried again after a growing wait', async () => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }))
  stage.next = [execution()]
  stage.replies = [refuse('Disconnected', ''), refuse('Disconnected', '')]
  stage.agent.up()
  await settle()
  expect(stage.updates).toHaveLength(1)
  await stage.clock.advance(10_000, settle)
  expect(stage.updates).toHaveLength(2)
  await stage.clock.advance(19_999, settle)
  expect(stage.updates).toHaveLength(2)
  await stage.clock.advance(1, settle)
  expect(stage.events).toEqual(['started a', 'finished a SUCCEEDED'])
})

it('a repeat refused because the first one had arrived counts as told', async () => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }))
  stage.next = [execution()]
  const executionState = { status: 'SUCCEEDED', versionNumber: 3 }
  stage.replies = [refuse('Timeout', ''), refuse('InvalidStateTransition', '', { executionState })]
  stage.agent.up()
  await settle()
  await stage.clock.advance(10_000, settle)
  expect(stage.events).toEqual(['started a', 'finished a SUCCEEDED'])
})

it('jobs J31, J115: a version mismatch is corrected from the reply', async () => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }), { expectVersions: true })
  stage.next = [execution()]
  const executionState = { status: 'IN_PROGRESS', versionNumber: 7 }
  stage.replies = [refuse('VersionMismatch', '', { executionState })]
  stage.agent.up()
  await settle()
  expect(stage.updates.map(({ expectedVersion }) => expectedVersion)).toEqual([2, 7])
})

it('jobs J118: the step timer is set at the start and re-armed at half its time', async () => {
  const { handler, end } = held()
  const stage = new Stage(handler, { stepTimeoutInMinutes: 10 })
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  expect(stage.asked).toEqual(['start-next 10'])
  await stage.clock.advance(11 * 60_000, settle)
  expect(stage.updates).toEqual([
    { status: 'IN_PROGRESS', stepTimeoutInMinutes: 10, executionNumber: 1 },
    { status: 'IN_PROGRESS', stepTimeoutInMinutes: 10, executionNumber: 1 },
  ])
  end()
  await settle()
  await stage.clock.advance(60 * 60_000, settle)
  expect(stage.updates).toHaveLength(3)
})

it('jobs J118: a resumed execution shows what an earlier run left', async () => {
  const seen: unknown[] = []
  const stage = new Stage(({ resumed, statusDetails }) => {
    seen.push(resumed, statusDetails)
    return { status: 'SUCCEEDED' }
  })
  stage.next = [execution({ versionNumber: 5, statusDetails: { step: '3' } })]
  stage.agent.up()
  await settle()
  expect(seen).toEqual([true, { step: '3' }])
})

it('`describe-next` peeks, then starts with an update', async () => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }), { query: 'describe-next' })
  stage.describes = [accept(execution({ status: 'QUEUED', versionNumber: 1 }))]
  stage.agent.up()
  await settle()
  expect(stage.asked).toEqual(['describe $next', 'update IN_PROGRESS', 'update SUCCEEDED'])
})

it('stopping aborts the handler and tells the service nothing', async () => {
  const { handler, aborted } = held()
  const stage = new Stage(handler)
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  stage.agent.stop()
  await settle()
  expect(aborted()).toBe(true)
  expect(stage.updates).toEqual([])
})

it('jobs J114: what was announced while a job was in hand and nobody connected is asked for after it', async () => {
  const { handler, end } = held()
  const stage = new Stage(handler)
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  stage.agent.down()
  end()
  await settle()
  stage.next = [execution({ jobId: 'b' })]
  stage.agent.up()
  await settle()
  expect(stage.events.filter((event) => event.startsWith('finished'))).toEqual([
    'finished a SUCCEEDED',
    'finished b SUCCEEDED',
  ])
})

it('an end that a policy denies is sent again, and the job not run again', async () => {
  const stage = new Stage(() => ({ status: 'SUCCEEDED' }))
  stage.next = [execution()]
  stage.replies = [refuse('Denied', 'no policy allows it')]
  stage.agent.up()
  await settle()
  stage.agent.down()
  stage.agent.up()
  await settle()
  expect(stage.events.filter((event) => event.startsWith('started'))).toEqual(['started a'])
  expect(stage.updates).toMatchObject([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }])
})

it('many notifications of another job are one question, and one more for those that came meanwhile', async () => {
  const stage = new Stage(held().handler)
  stage.next = [execution()]
  stage.agent.up()
  await settle()
  const other = execution({ jobId: 'b', status: 'QUEUED' })
  for (let time = 0; time < 100; time++) stage.agent.notifyNext(other)
  await settle()
  expect(stage.asked).toEqual(['start-next', 'describe a', 'describe a'])
})
