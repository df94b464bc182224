/**
 * Devices: what their policies let them do, and that a change counts at the next decision, for
 * exactly the connections it concerns.
 */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

import { DecisionLog } from '../../src/decisions/decision-log.ts'
import {
  deviceAuthorization,
  type DeviceAuthorizer,
} from '../../src/authorization/device-authorization.ts'
import { account, arn, connection, FakeRegistry } from './fake-registry.ts'

const certificateId = 'c1'
const principal = arn(`cert/${certificateId}`)

const allow = (action: string, resource: string): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource === '*' ? '*' : arn(resource),
})
const deny = (action: string, resource: string): object => ({
  ...allow(action, resource),
  Effect: 'Deny',
})

let registry: FakeRegistry
let decisions: DecisionLog
let devices: DeviceAuthorizer

beforeEach(() => {
  registry = new FakeRegistry()
  decisions = new DecisionLog({ nowMs: () => 1000 })
  devices = deviceAuthorization({
    account,
    registry,
    decisions,
    certificateAttributes: (pem) => ({ subject: { CommonName: [`cn-${pem}`] } }),
  })
  registry.tell = (change) => devices.onRegistryChange(change)
  registry.certificates.add(certificateId)
  registry.setThing('t1')
})

describe('a device', () => {
  it('authz A16: without a policy may do nothing, not even connect', () => {
    const device = devices.bind(connection())
    expect(device.connect()).toMatchObject({ allowed: false, decision: 'implicitDeny' })
    expect(device.publish('a').allowed).toBe(false)
    expect(device.subscribe('a').allowed).toBe(false)
    expect(device.receive('a')).toBe(false)
  })

  it('a refusal is explained by the certificate that it had, though it is gone by now', () => {
    registry.setPolicy('p', allow('iot:Publish', 'topic/${iot:Certificate.Subject.CommonName}'))
    registry.attachPolicy('p', principal)
    const device = devices.bind(connection())
    expect(device.publish('other').allowed).toBe(false)
    device.release()
    registry.certificates.delete(certificateId)
    const { variables } = decisions.explain('1')?.explanation ?? {}
    expect(variables).toMatchObject([{ value: `cn-${certificateId}` }])
  })

  it('authz D1 to D4, gateway G57: each question is one action on one resource', () => {
    registry.setPolicy(
      'p',
      allow('iot:Connect', 'client/t1'),
      allow('iot:Publish', 'topic/up'),
      allow('iot:RetainPublish', 'topic/kept'),
      allow('iot:Subscribe', 'topicfilter/down/+'),
      allow('iot:Receive', 'topic/down/*'),
      allow('iotjobsdata:*', 'thing/t1'),
    )
    registry.attachPolicy('p', principal)
    const device = devices.bind(connection())
    expect(device.connect()).toEqual({ allowed: true, decision: 'allow' })
    expect(
      [device.publish('up'), device.publish('kept')].map((verdict) => verdict.allowed),
    ).toEqual([true, false])
    expect(
      [device.retainPublish('up'), device.retainPublish('kept')].map((verdict) => verdict.allowed),
    ).toEqual([false, true])
    expect(
      [device.subscribe('down/+'), device.subscribe('down/#')].map((verdict) => verdict.allowed),
    ).toEqual([true, false])
    expect([device.receive('down/a'), device.receive('up')]).toEqual([true, false])
    expect(device.decide('iotjobsdata:DescribeJobExecution', arn('thing/t1')).allowed).toBe(true)
    expect(device.decide('iot:ListRetainedMessages', '*').allowed).toBe(false)
  })

  it('authz G14, X14: a shared delivery needs the topic or the shared filter, and no deny of either', () => {
    registry.setPolicy(
      'p',
      allow('iot:Receive', 'topic/$share/g/a/#'),
      deny('iot:Receive', 'topic/a/secret'),
    )
    registry.attachPolicy('p', principal)
    const device = devices.bind(connection())
    expect(device.receive('a/b', '$share/g/a/#')).toBe(true)
    expect(device.receive('a/b')).toBe(false)
    expect(device.receive('a/secret', '$share/g/a/#')).toBe(false)
  })

  it('authz F8: certificate attributes are read from the registered certificate', () => {
    registry.setPolicy('p', allow('iot:Publish', 'topic/${iot:Certificate.Subject.CommonName}'))
    registry.attachPolicy('p', principal)
    expect(devices.bind(connection()).publish('cn-c1').allowed).toBe(true)
  })

  it('authz E2, E3, X12: group policies, ancestors included, count for the thing named as the client ID', () => {
    registry.addGroup('root')
    registry.addGroup('leaf', 'root')
    registry.addMember('leaf', 't1')
    registry.attachThing('t1', principal)
    registry.setPolicy('own', allow('iot:Publish', '*'))
    registry.setPolicy('group', deny('iot:Publish', 'topic/closed'))
    registry.attachPolicy('own', principal)
    registry.attachPolicy('group', arn('thinggroup/root'))
    expect(devices.bind(connection()).publish('closed').decision).toBe('explicitDeny')
    expect(devices.bind(connection({ clientId: 'other' })).publish('closed').allowed).toBe(true)
    expect(
      devices.bind(connection({ clientId: undefined, protocol: 'https' })).publish('closed')
        .allowed,
    ).toBe(true)
    registry.detachThing('t1', principal)
    expect(devices.bind(connection()).publish('closed').allowed).toBe(true)
  })

  it('authz F6, X13: an exclusive thing is the thing whatever the client ID', () => {
    const variable = '${iot:Connection.Thing.ThingName}'
    registry.setPolicy(
      'p',
      allow('iot:Publish', `topic/${variable}`),
      allow('iot:Connect', `client/${variable}`),
    )
    registry.attachPolicy('p', principal)
    registry.attachThing('t1', principal, true)
    const device = devices.bind(connection({ clientId: 'session' }))
    expect(device.publish('t1').allowed).toBe(true)
    expect(device.connect().allowed).toBe(false)
  })
})

describe('changes', () => {
  it('count at the next decision', () => {
    registry.setPolicy('p', allow('iot:Publish', 'topic/${iot:Connection.Thing.Attributes[site]}'))
    const device = devices.bind(connection())
    const can = (): boolean => device.publish('north').allowed
    expect(can()).toBe(false)
    registry.attachPolicy('p', principal)
    expect(can()).toBe(false)
    registry.attachThing('t1', principal)
    expect(can()).toBe(false)
    registry.setThing('t1', { site: 'north' })
    expect(can()).toBe(true)
    registry.setPolicy('p', deny('iot:Publish', 'topic/north'))
    expect(device.publish('north').decision).toBe('explicitDeny')
    registry.setPolicy('p', allow('iot:Publish', '*'))
    expect(can()).toBe(true)
    registry.detachPolicy('p', principal)
    expect(can()).toBe(false)
  })

  it('leave the evaluators of other connections as they are', () => {
    registry.setPolicy('p', allow('iot:Publish', '*'))
    registry.setPolicy('q', allow('iot:Publish', '*'))
    registry.attachPolicy('p', principal)
    registry.attachPolicy('q', arn('cert/c2'))
    const [one, two] = [
      devices.bind(connection()),
      devices.bind(connection({ certificateId: 'c2', clientId: 't2' })),
    ]
    for (const device of [one, two]) device.publish('a')
    registry.lookups = 0
    registry.setPolicy('p', allow('iot:Publish', 'topic/a'))
    for (const device of [one, two]) expect(device.publish('a').allowed).toBe(true)
    expect(registry.lookups).toBe(1)
    registry.setThing('t9')
    registry.setPolicy('unattached', allow('iot:Publish', '*'))
    const documentBefore = registry.policies.get('p')
    devices.onRegistryChange({ kind: 'policy', policyName: 'p', documentBefore })
    for (const device of [one, two]) device.publish('a')
    expect(registry.lookups).toBe(1)
  })

  it('are ignored by a connection that is released', () => {
    registry.setPolicy('p', allow('iot:Publish', '*'))
    registry.attachPolicy('p', principal)
    const device = devices.bind(connection())
    device.publish('a')
    device.release()
    registry.lookups = 0
    registry.setPolicy('p', allow('iot:Publish', 'topic/b'))
    expect(registry.lookups).toBe(0)
    expect(device.publish('a').allowed).toBe(false)
  })

  it('reset: everything is looked up again', () => {
    registry.setPolicy('p', allow('iot:Publish', '*'))
    registry.attachPolicy('p', principal)
    const device = devices.bind(connection())
    expect(device.publish('a').allowed).toBe(true)
    registry.attachments.clear()
    registry.policies.clear()
    devices.reset()
    expect(device.publish('a').allowed).toBe(false)
  })

  it('in any order leave bound connections deciding as new ones would', () => {
    const clients = ['t1', 't2', 'x']
    const certificates = ['c1', 'c2']
    const targets = [
      ...certificates.map((id) => arn(`cert/${id}`)),
      arn('thinggroup/root'),
      arn('thinggroup/leaf'),
    ]
    const resources = [
      '*',
      'topic/a',
      'topic/${iot:Connection.Thing.ThingName}',
      'topic/${iot:Connection.Thing.Attributes[site]}',
    ]
    const change = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('p', 'q'),
          fc.constantFrom('Allow', 'Deny'),
          fc.constantFrom(...resources),
        )
        .map(
          ([name, effect, resource]) =>
            () =>
              registry.setPolicy(name, { ...allow('iot:Publish', resource), Effect: effect }),
        ),
      fc.tuple(fc.constantFrom('p', 'q'), fc.constantFrom(...targets), fc.boolean()).map(
        ([name, target, attach]) =>
          () =>
            attach ? registry.attachPolicy(name, target) : registry.detachPolicy(name, target),
      ),
      fc.tuple(fc.constantFrom('t1', 't2'), fc.constantFrom('a', 'b'), fc.nat(3)).map(
        ([name, site, kind]) =>
          () =>
            kind === 0 ? registry.deleteThing(name) : registry.setThing(name, { site }),
      ),
      fc
        .tuple(
          fc.constantFrom('t1', 't2'),
          fc.constantFrom(...certificates),
          fc.boolean(),
          fc.boolean(),
        )
        .map(
          ([name, id, attach, exclusive]) =>
            () =>
              attach && registry.things.has(name)
                ? registry.attachThing(name, arn(`cert/${id}`), exclusive)
                : registry.detachThing(name, arn(`cert/${id}`)),
        ),
      fc.tuple(fc.constantFrom('t1', 't2'), fc.boolean()).map(
        ([name, add]) =>
          () =>
            add && registry.things.has(name)
              ? registry.addMember('leaf', name)
              : registry.removeMember('leaf', name),
      ),
    )
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 25 }), (changes) => {
        registry.addGroup('root')
        registry.addGroup('leaf', 'root')
        const connections = clients.flatMap((clientId) =>
          certificates.map((id) => connection({ clientId, certificateId: id })),
        )
        const bound = connections.map((each) => devices.bind(each))
        for (const apply of changes) {
          apply()
          for (const [index, each] of connections.entries()) {
            for (const topic of ['a', 't1']) {
              const fresh = devices.bind(each)
              expect(bound[index]?.publish(topic).decision).toBe(fresh.publish(topic).decision)
              fresh.release()
            }
          }
        }
        for (const device of bound) device.release()
      }),
      { numRuns: 100 },
    )
  })
})

describe('denials', () => {
  it('are logged with what is needed to explain them, even after the policy has changed', async () => {
    registry.setPolicy('p', allow('iot:Subscribe', 'topic/a'))
    registry.attachPolicy('p', principal)
    const verdict = devices.bind(connection()).subscribe('a')
    registry.setPolicy('p', allow('iot:Subscribe', 'topicfilter/a'))
    const page = await decisions.page({ effect: 'deny' }, 10)
    expect(page?.decisions[0]).toEqual({
      id: verdict.decisionId,
      decisionId: verdict.decisionId,
      atMs: 1000,
      kind: 'policy',
      effect: 'implicitDeny',
      reason: 'AUTHORIZATION_FAILED',
      principal,
      principalKind: 'certificate',
      cognitoIdentityId: null,
      principalId: certificateId,
      clientId: 't1',
      thingName: null,
      protocol: 'mqtt',
      sourceIp: '192.0.2.1',
      action: 'iot:Subscribe',
      resource: arn('topicfilter/a'),
      summary: expect.stringContaining('iot:Subscribe'),
      hint: expect.stringContaining('topicfilter/'),
      firstAtMs: 1000,
      lastAtMs: 1000,
      count: 1,
    })
    expect(decisions.explain(verdict.decisionId ?? '')?.explanation).toMatchObject({
      decision: 'implicitDeny',
      hints: [expect.stringContaining('topicfilter/')],
    })
  })
})
