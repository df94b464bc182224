/** What a timeline takes from the decision log. */
import { expect, it } from 'vitest'
import { DecisionLog } from '../../src/decisions/decision-log.ts'
import { ThingTimelines } from '../../src/timeline/thing-timelines.ts'

it('what operators were refused about a thing hides nothing that the thing was refused', async () => {
  const decisions = new DecisionLog({ nowMs: () => 1000 })
  const timelines = new ThingTimelines({ nowMs: () => 1000, isThing: () => true, decisions })
  const about = { effect: 'deny', thingName: 'lamp', sourceIp: '192.0.2.1' } as const
  const published = {
    kind: 'policy',
    action: 'iot:Publish',
    reason: 'AUTHORIZATION_FAILED',
  } as const
  decisions.record(
    { ...about, ...published, protocol: 'mqtt', principalKind: 'certificate' },
    { summary: 'denied', hint: '' },
  )
  for (let shadow = 0; shadow < 500; shadow++) {
    const asked = { kind: 'shadow', action: 'iot:GetThingShadow', reason: 'NotFound' } as const
    decisions.record(
      { ...about, ...asked, protocol: 'https', principalKind: 'user' },
      { summary: `no shadow ${shadow}`, hint: '' },
    )
  }
  const told = await timelines.read('lamp', 10)
  expect(told?.entries).toMatchObject([{ kind: 'denied', action: 'iot:Publish' }])
})
