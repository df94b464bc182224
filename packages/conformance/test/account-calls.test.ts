/** Calls in an account of others: pace, throttles, troubles, and the fence around what is not ours. */
import { expect, it } from 'vitest'
import { AccountCalls, TroubledCall, type CallOptions } from '../src/account/account-calls.ts'
import type { CallResult } from '../src/scenario-target.ts'

const fine: CallResult = { status: 200, body: {} }
const throttle: CallResult = { status: 400, error: 'ThrottlingException', body: {} }
const limit: CallResult = { status: 410, error: 'LimitExceededException', body: {} }
const named = { thingName: 'chk-a' }

interface Rig {
  readonly calls: AccountCalls
  readonly waitsMs: number[]
}

/** Calls that are answered in turn, on a clock that only waiting moves. */
function rig(answers: readonly (CallResult | Error)[], more: Partial<CallOptions> = {}): Rig {
  const waitsMs: number[] = []
  let nowMs = 0
  let next = 0
  const calls = new AccountCalls({
    prefix: 'chk',
    perSecond: 1000,
    send: () => {
      const answer = answers[Math.min(next++, answers.length - 1)] ?? fine
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
    pause: (ms) => {
      nowMs += ms
      if (ms > 1) waitsMs.push(ms)
      return Promise.resolve()
    },
    monotonicMs: () => nowMs,
    ...more,
  })
  return { calls, waitsMs }
}

it('a throttled call is sent again, after twice as long each time', async () => {
  const { calls, waitsMs } = rig([throttle, throttle, throttle, fine])
  expect(await calls.call('iot', 'CreateThing', named)).toEqual(fine)
  expect([waitsMs, calls.sent, calls.throttled]).toEqual([[200, 400, 800], 4, 3])
})

it('a throttle that does not end is a trouble and no verdict', async () => {
  const { calls, waitsMs } = rig([throttle])
  const call = calls.call('iot', 'CreateThing', named)
  await expect(call).rejects.toMatchObject({ trouble: 'throttled' })
  expect([calls.sent, Math.max(...waitsMs)]).toEqual([9, 20_000])
})

it('a limit is an answer to judge, not a throttle', async () => {
  const { calls } = rig([limit])
  expect([await calls.call('iot', 'CreateJob', named), calls.sent]).toEqual([limit, 1])
})

it('what gives no answer is asked again only where that changes nothing', async () => {
  const gone = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  const write = rig([gone])
  await expect(write.calls.call('iot', 'CreateThing', named)).rejects.toThrow(
    'CreateThing: ECONNREFUSED: connect',
  )
  expect(write.calls.sent).toBe(1)
  const read = rig([gone, gone, fine])
  expect([await read.calls.call('iot', 'DescribeThing', named), read.calls.sent]).toEqual([fine, 3])
  const removal = rig([gone, fine])
  expect(await removal.calls.cleaningCall('iot', 'DeleteThing', named)).toEqual(fine)
})

it('a profile that may not is no difference', async () => {
  const { calls } = rig([{ status: 403, error: 'AccessDeniedException', message: 'no', body: {} }])
  const call = calls.call('iot', 'CreateThing', named)
  await expect(call).rejects.toEqual(
    new TroubledCall('not allowed', 'CreateThing: AccessDeniedException: no'),
  )
})

it('nothing is sent that would change what does not bear the prefix', async () => {
  const { calls } = rig([fine])
  for (const [operation, args] of [
    ['DeleteThing', { thingName: 'a' }],
    ['UpdateEventConfigurations', { eventConfigurations: {} }],
    ['UpdateIndexingConfiguration', {}],
  ] as const) {
    await expect(calls.call('iot', operation, args)).rejects.toThrow('not sent')
    await expect(calls.cleaningCall('iot', operation, args)).rejects.toThrow('not sent')
  }
  expect(calls.sent).toBe(0)
})

it('calls keep to the pace', async () => {
  const { calls, waitsMs } = rig([fine], { perSecond: 10 })
  for (let call = 0; call < 4; call += 1) await calls.call('iot', 'ListThings', {})
  expect(waitsMs).toEqual([100, 100, 100])
})

it('a run that is to stop makes no further call, and still cleans up', async () => {
  const { calls } = rig([fine], { signal: AbortSignal.abort() })
  const call = calls.call('iot', 'CreateThing', named)
  await expect(call).rejects.toMatchObject({ trouble: 'stopped' })
  expect(() => calls.nowMs()).toThrow('stopped')
  expect(await calls.cleaningCall('iot', 'DeleteThing', named)).toEqual(fine)
})
