/** Policies that change late, when the operator asked for it. */
import { VirtualClock } from '@muster/clock'
import { beforeEach, expect, it } from 'vitest'
import { DecisionLog } from '../../src/decisions/decision-log.ts'
import { DelayedPolicies } from '../../src/authorization/delayed-policies.ts'
import { deviceAuthorization } from '../../src/authorization/device-authorization.ts'
import { account, arn, connection, FakeRegistry } from './fake-registry.ts'

const principal = arn('cert/c1')
const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const nothing = { Effect: 'Deny', Action: '*', Resource: '*' }

let registry: FakeRegistry
let clock: VirtualClock
let delayed: DelayedPolicies
/** Whether a connection made now, and one made at the start, may publish. */
let may: () => { old: boolean; fresh: boolean }

beforeEach(() => {
  registry = new FakeRegistry()
  clock = new VirtualClock(0)
  delayed = new DelayedPolicies(registry, clock, 400_000)
  const devices = deviceAuthorization({
    account,
    registry: delayed.registry,
    decisions: new DecisionLog({ nowMs: () => clock.nowMs() }),
    certificateAttributes: () => ({ subject: {} }),
  })
  registry.tell = (change) => {
    delayed.onRegistryChange(change, () => devices.onRegistryChange(change))
  }
  registry.certificates.add('c1')
  const bind = () => devices.bind(connection())
  const old = bind()
  may = () => ({ old: old.publish('a').allowed, fresh: bind().publish('a').allowed })
})

const yes = { old: true, fresh: true }
const no = { old: false, fresh: false }

it('authz X24: an attachment counts after the delay, for old connections and new ones', async () => {
  registry.setPolicy('p', everything)
  await clock.advance(400_000)
  registry.attachPolicy('p', principal)
  await clock.advance(399_999)
  expect(may()).toEqual(no)
  await clock.advance(1)
  expect(may()).toEqual(yes)
  registry.detachPolicy('p', principal)
  await clock.advance(399_999)
  expect(may()).toEqual(yes)
  await clock.advance(1)
  expect(may()).toEqual(no)
})

it('authz X24: each version of a policy counts in its turn, though nobody asked before', async () => {
  registry.setPolicy('p', nothing)
  registry.attachPolicy('p', principal)
  await clock.advance(400_000)
  registry.setPolicy('p', everything)
  await clock.advance(100_000)
  registry.setPolicy('p', nothing)
  expect(may()).toEqual(no)
  await clock.advance(300_000)
  expect(may()).toEqual(yes)
  await clock.advance(100_000)
  expect(may()).toEqual(no)
})

it('authz X24: what else a decision depends on is not delayed', async () => {
  registry.setPolicy('p', { ...everything, Resource: arn('topic/${iot:ClientId}') })
  registry.setPolicy('thing', {
    ...everything,
    Condition: { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } },
  })
  registry.attachPolicy('p', principal)
  registry.attachPolicy('thing', principal)
  await clock.advance(400_000)
  expect(may()).toEqual(no)
  registry.setThing('t1')
  registry.attachThing('t1', principal)
  expect(may()).toEqual(yes)
})

it('authz X24: a reset forgets what was to come', async () => {
  registry.setPolicy('p', everything)
  registry.attachPolicy('p', principal)
  delayed.reset()
  expect(may()).toEqual(yes)
  await clock.advance(400_000)
  expect(may()).toEqual(yes)
})
