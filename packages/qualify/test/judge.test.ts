import { expect, test } from 'vitest'
import {
  DEFAULT_PLAN,
  judge,
  missingInPlan,
  type Finding,
  type QualifyCase,
  type Trace,
} from '../src/index.ts'
import { connected, offered, traceOf, update } from './traces.ts'

const plain: QualifyCase = { id: 'case', reason: '', documented: '', steps: [] }

function verdict(trace: Trace, of: QualifyCase = plain): Finding {
  return judge(of, DEFAULT_PLAN, { trace })
}

test('a job that is done and reported once passes', () => {
  const trace = traceOf(
    connected,
    offered('a'),
    ...update(1, 'a', 'IN_PROGRESS'),
    ...update(2, 'a', 'SUCCEEDED'),
  )
  expect(verdict(trace)).toEqual({ verdict: 'pass', why: 'as it should, over mqtt-3.1.1' })
})

test('a report after the accepted end fails: the job ran again', () => {
  const trace = traceOf(
    connected,
    offered('a'),
    ...update(1, 'a', 'SUCCEEDED'),
    ...update(2, 'a', 'IN_PROGRESS', { accepted: false, code: 'InvalidStateTransition' }),
  )
  expect(verdict(trace)).toMatchObject({
    verdict: 'fail',
    why: expect.stringContaining('after the service had accepted SUCCEEDED'),
  })
})

test('an end that is sent again because its answer was lost passes', () => {
  const trace = traceOf(
    connected,
    offered('a'),
    ...update(1, 'a', 'SUCCEEDED', { lost: true }),
    ...update(2, 'a', 'SUCCEEDED', { accepted: false, code: 'InvalidStateTransition' }),
  )
  expect(verdict(trace).verdict).toBe('pass')
})

test('an answer right before the connection ended may not have been read', () => {
  const [sent, answer] = update(1, 'a', 'SUCCEEDED')
  const trace = traceOf(
    connected,
    offered('a'),
    sent,
    { ...answer, atMs: 5000 },
    { kind: 'closed', by: 'service', atMs: 5001 },
    ...update(2, 'a', 'SUCCEEDED', { accepted: false, code: 'InvalidStateTransition' }),
  )
  expect(verdict(trace).verdict).toBe('pass')
})

test('a retry is another execution of the same job', () => {
  const first = update(1, 'a', 'FAILED', { body: { executionNumber: 1 } })
  const second = update(2, 'a', 'FAILED', { body: { executionNumber: 2 } })
  expect(verdict(traceOf(connected, offered('a'), ...first, ...second)).verdict).toBe('pass')
})

test('a retry is known by its notification where updates tell no number', () => {
  const notice = {
    kind: 'notice',
    topic: 'notify-next',
    jobId: 'case-a',
    executionNumber: 2,
    lost: false,
    forged: false,
  } as const
  const trace = traceOf(
    connected,
    offered('a'),
    ...update(1, 'a', 'FAILED'),
    notice,
    ...update(2, 'a', 'FAILED'),
  )
  expect(verdict(trace).verdict).toBe('pass')
})

test('a report of a job that was not offered to the thing fails', () => {
  const trace = traceOf(connected, offered('a'), ...update(1, 'b', 'IN_PROGRESS'))
  expect(verdict(trace).why).toContain('case-b, a job that its thing does not have')
})

test('a third report of an execution that is over fails', () => {
  const refused = { accepted: false, code: 'ResourceNotFound' }
  const reports = [1, 2, 3].flatMap((id) => update(id, 'a', 'SUCCEEDED', refused))
  expect(verdict(traceOf(connected, offered('a'), ...reports.slice(0, 4))).verdict).toBe('pass')
  expect(verdict(traceOf(connected, offered('a'), ...reports)).why).toContain('went on to report')
})

test('a file that is fetched anew is a second run, unless the case allows for it', () => {
  const fetched = { kind: 'fetched', jobId: 'case-a', status: 200, from: 0 } as const
  const trace = traceOf(connected, offered('a'), fetched, fetched, ...update(1, 'a', 'SUCCEEDED'))
  expect(verdict(trace).why).toContain('ran case-a 2 times')
  expect(verdict(trace, { ...plain, runsMax: 2 }).verdict).toBe('pass')
  const resumed = traceOf(connected, offered('a'), fetched, { ...fetched, from: 100 })
  expect(verdict(resumed).verdict).toBe('pass')
})

test('requests without back-off fail', () => {
  const ask = (id: number) =>
    ({
      kind: 'request',
      id,
      thingName: 'lamp',
      request: 'start-next',
      body: {},
      lost: false,
      atMs: id * 100,
    }) as const
  expect(
    verdict(traceOf(connected, ...Array.from({ length: 31 }, (_, id) => ask(id)))).why,
  ).toContain('more than 30 times')
  expect(
    verdict(traceOf(connected, ...Array.from({ length: 30 }, (_, id) => ask(id)))).verdict,
  ).toBe('pass')
})

test('a step that waits in vain fails, or is inconclusive where it says nothing of the agent', () => {
  const trace = traceOf(connected, offered('a'))
  const stalled = { do: 'until', what: 'report job a', seen: () => false } as const
  expect(judge(plain, DEFAULT_PLAN, { trace, stalled, ended: 'status 1' })).toEqual({
    verdict: 'fail',
    why: 'it did not report job a within 30 s; its process had ended: status 1',
  })
  const otherwise = 'check the command'
  expect(judge(plain, DEFAULT_PLAN, { trace, stalled: { ...stalled, otherwise } })).toEqual({
    verdict: 'inconclusive',
    why: otherwise,
  })
})

test('a pass says where the fault had nothing to meet', () => {
  const of: QualifyCase = {
    ...plain,
    steps: [{ do: 'fault', fault: { on: 'notice', does: 'lose' } }],
  }
  expect(verdict(traceOf(connected), of).why).toContain('nothing that this fault could meet')
  const met = traceOf(connected, { kind: 'act', what: 'fault: lose' })
  expect(verdict(met, of).why).toBe('as it should, over mqtt-3.1.1')
})

test('a case whose document the plan lacks is inconclusive and says what to add', () => {
  const plan = { ...DEFAULT_PLAN, documents: { works: { operation: 'ok' } } }
  expect(missingInPlan({ ...plain, needs: ['slow'] }, plan)?.why).toContain('`documents.slow`')
  expect(missingInPlan({ ...plain, needsFile: 'url' }, plan)?.why).toContain('put `{url}` into it')
  expect(missingInPlan(plain, plan)).toBeUndefined()
})

test('a step that the service refuses tells nothing of the agent', () => {
  const trace = traceOf(connected, offered('a'))
  const { verdict, why } = judge(plain, DEFAULT_PLAN, { trace, refused: 'cancel: it has ended' })
  expect(verdict).toBe('inconclusive')
  expect(why).toContain('cancel: it has ended')
})
