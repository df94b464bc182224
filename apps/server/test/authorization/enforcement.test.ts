/**
 * Policies on the wire: real devices on TLS, policies changed by AWS's own client while they are
 * connected (authz sections 7 and 9).
 */
import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateThingGroupCommand,
  DeletePolicyVersionCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  UpdateCertificateCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot'
import { PublishCommand } from '@aws-sdk/client-iot-data-plane'
import {
  createDevice,
  requestHttps,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import type { IConnectPacket } from 'mqtt-packet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { handshake, rawClient, type RawClient } from '../listeners-fixture.ts'
import { arn } from './fake-registry.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ reasonStrings: true })
})
afterAll(() => server.close())

const allow = (action: string | readonly string[], ...resources: readonly string[]): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: resources.map((resource) => (resource === '*' ? '*' : arn(resource))),
})
const deny = (action: string, ...resources: readonly string[]): object => ({
  ...allow(action, ...resources),
  Effect: 'Deny',
})
const document = (statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

const connectAny = allow('iot:Connect', '*')
let count = 0

function newDevice(
  statements: readonly object[],
  options: { attached?: boolean } = {},
): Promise<TestDevice> {
  count += 1
  return createDevice(server.iot, `dev-${count}`, {
    policyDocument: document(statements),
    ...options,
  })
}

/** Replaces what the device's own policy says. */
async function change(device: TestDevice, statements: readonly object[]): Promise<void> {
  const policyName = `${device.thingName}-policy`
  const { policyVersionId } = await server.iot.send(
    new CreatePolicyVersionCommand({
      policyName,
      policyDocument: document(statements),
      setAsDefault: true,
    }),
  )
  const before = String(Number(policyVersionId) - 1)
  await server.iot.send(new DeletePolicyVersionCommand({ policyName, policyVersionId: before }))
}

async function open(device: TestDevice, packet: Partial<IConnectPacket> = {}): Promise<RawClient> {
  return rawClient(await handshake(server, device), { clientId: device.thingName, ...packet })
}

async function connected(device: TestDevice, version: 4 | 5 = 4): Promise<RawClient> {
  const client = await open(device, { protocolVersion: version })
  expect(await client.next()).toMatchObject({
    cmd: 'connack',
    [version === 5 ? 'reasonCode' : 'returnCode']: 0,
  })
  return client
}

let messageId = 0
async function subscribe(client: RawClient, topic: string): Promise<number | undefined> {
  messageId += 1
  client.send({ cmd: 'subscribe', messageId, subscriptions: [{ topic, qos: 0 }] })
  const suback = await client.next()
  return suback.cmd === 'suback' ? (suback.granted[0] as number) : undefined
}

async function publish(client: RawClient, topic: string, more: object = {}): Promise<unknown> {
  messageId += 1
  client.send({
    cmd: 'publish',
    messageId,
    topic,
    payload: 'x',
    qos: 1,
    dup: false,
    retain: false,
    ...more,
  })
  return client.next()
}

/** Publishes as the operator, and returns what the device gets until a message on `done/…`. */
async function received(
  client: RawClient,
  device: TestDevice,
  ...topics: string[]
): Promise<string[]> {
  const done = `done/${device.thingName}`
  for (const topic of [...topics, done]) {
    await server.iotData.send(new PublishCommand({ topic, payload: Buffer.from('x') }))
  }
  const seen: string[] = []
  for (;;) {
    const packet = await client.next()
    if (packet.cmd !== 'publish') continue
    if (packet.topic === done) return seen
    seen.push(packet.topic)
  }
}

async function lastDenial(device: TestDevice): Promise<{ action: string; hints: string[] }> {
  const list = await server.admin('GET', 'decisions?effect=deny&limit=50')
  const { decisions } = (await list.json()) as {
    decisions: { decisionId: string; principal: string }[]
  }
  const found = decisions.find(({ principal }) => principal === device.certificateArn)
  const one = await server.admin('GET', `decisions/${found?.decisionId}`)
  const { action, explanation } = (await one.json()) as {
    action: string
    explanation: { hints: string[] }
  }
  return { action, hints: explanation.hints }
}

describe('CONNECT', () => {
  it('authz A2, F5, X1, X13, gateway A2, G58: the client ID must be the attached thing; the decision log says so', async () => {
    const device = await newDevice([
      allow('iot:Connect', 'client/${iot:Connection.Thing.ThingName}'),
    ])
    await connected(device)
    const other = await open(device, { clientId: 'somebody' })
    expect(await other.closed()).toEqual([])
    const { action, hints } = await lastDenial(device)
    expect(action).toBe('iot:Connect')
    expect(hints.join()).toContain(
      `client ID \`somebody\` is not the name of a thing that the principal is attached to (${device.thingName})`,
    )
  })

  it('authz G8: MQTT 5 gets reason code 135, and a Reason String when switched on', async () => {
    const device = await newDevice([allow('iot:Publish', '*')])
    const client = await open(device, { protocolVersion: 5 })
    const connack = await client.next()
    expect(connack).toMatchObject({ cmd: 'connack', reasonCode: 135 })
    expect(JSON.stringify(connack)).toContain('iot:Connect')
  })

  it('authz G2, X36: a will needs iot:Publish on its topic, and iot:RetainPublish when retained', async () => {
    const device = await newDevice([
      connectAny,
      allow('iot:Publish', 'topic/wills/*'),
      deny('iot:Publish', 'topic/wills/no'),
    ])
    const will = (topic: string, retain = false): Promise<RawClient> =>
      open(device, { will: { topic, payload: Buffer.from('x'), qos: 0, retain } })
    expect(await (await will('wills/yes')).next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    for (const client of [
      await will('other'),
      await will('wills/no'),
      await will('wills/yes', true),
    ]) {
      expect(await client.closed()).toEqual([])
    }
  })

  it('authz F14, F15: policies can ask for the will and for persistence', async () => {
    const device = await newDevice([
      { ...connectAny, Condition: { ArnEquals: { 'iot:LastWillTopic': arn('topic/w') } } },
      {
        ...deny('iot:Connect', '*'),
        Condition: {
          'ForAnyValue:StringEquals': { 'iot:ConnectAttributes': ['PersistentConnect'] },
        },
      },
      allow('iot:Publish', 'topic/w'),
    ])
    const will = { topic: 'w', payload: Buffer.from('x'), qos: 0, retain: false } as const
    expect(await (await open(device, { will })).next()).toMatchObject({ returnCode: 0 })
    expect(await (await open(device)).closed()).toEqual([])
    expect(await (await open(device, { will, clean: false })).closed()).toEqual([])
  })

  it('authz A15: a grant of Publish without Connect opens no session, and HTTPS needs none', async () => {
    const device = await newDevice([allow('iot:Publish', '*')])
    expect(await (await open(device)).closed()).toEqual([])
    expect((await requestHttps(server, device, 'POST', '/topics/a?qos=1', 'x')).status).toBe(200)
  })

  it('authz X26: an empty client ID is evaluated as the one that the server assigns', async () => {
    const named = await newDevice([allow('iot:Connect', 'client/dev-*')])
    expect(await (await open(named, { clientId: '' })).closed()).toEqual([])
    const any = await newDevice([allow('iot:Connect', 'client/?*')])
    expect(await (await open(any, { clientId: '' })).next()).toMatchObject({ returnCode: 0 })
  })

  it('authz G10: a denied connect is told on $aws/events', async () => {
    const watcher = await connected(await newDevice([allow('iot:*', '*')]))
    await subscribe(watcher, '$aws/events/presence/connect_failed/#')
    const device = await newDevice([allow('iot:Publish', '*')])
    await (await open(device)).closed()
    const event = await watcher.next()
    if (event.cmd !== 'publish') throw new Error(`got ${event.cmd}`)
    expect(event.topic).toBe(`$aws/events/presence/connect_failed/${device.thingName}`)
    expect(JSON.parse(event.payload.toString())).toMatchObject({
      connectFailureReason: 'AUTHORIZATION_FAILED',
      clientId: device.thingName,
      principalIdentifier: device.certificateId,
    })
  })

  it('authz F3: policies can ask for the name the device connected to', async () => {
    const by = (name: string): object => ({
      ...connectAny,
      Condition: { StringEquals: { 'iot:DomainName': name } },
    })
    await connected(await newDevice([by('localhost')]))
    expect(await (await open(await newDevice([by('elsewhere')]))).closed()).toEqual([])
  })
})

describe('PUBLISH and SUBSCRIBE', () => {
  const statements = [
    connectAny,
    allow('iot:Publish', 'topic/a'),
    allow('iot:Subscribe', 'topicfilter/a/*'),
  ]

  it('authz G7, X2: MQTT 3.1.1 closes the connection', async () => {
    const device = await newDevice(statements)
    const publisher = await connected(device)
    expect(await publish(publisher, 'a')).toMatchObject({ cmd: 'puback' })
    publisher.send({ cmd: 'publish', topic: 'b', payload: 'x', qos: 0, dup: false, retain: false })
    await publisher.closed()
    const subscriber = await connected(device)
    expect(await subscribe(subscriber, 'a/#')).toBe(0)
    subscriber.send({ cmd: 'subscribe', messageId: 9, subscriptions: [{ topic: 'a', qos: 0 }] })
    expect(await subscriber.closed()).toEqual([])
  })

  it('authz G8: MQTT 5 answers with 135 and stays', async () => {
    const client = await connected(await newDevice(statements), 5)
    expect(await publish(client, 'b')).toMatchObject({ cmd: 'puback', reasonCode: 135 })
    expect(await subscribe(client, 'b')).toBe(135)
    expect(await publish(client, 'a')).toMatchObject({ cmd: 'puback', reasonCode: 0 })
  })

  it('authz X3, gateway A5: MQTT 5 disconnects for QoS 0, which no answer could tell', async () => {
    const client = await connected(await newDevice(statements), 5)
    client.send({ cmd: 'publish', topic: 'b', payload: 'x', qos: 0, dup: false, retain: false })
    expect(await client.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 135 }])
  })

  it('authz X32: a topic alias stands for its topic', async () => {
    const client = await connected(await newDevice(statements), 5)
    const alias = { properties: { topicAlias: 1 } }
    expect(await publish(client, 'a', alias)).toMatchObject({ cmd: 'puback', reasonCode: 0 })
    expect(await publish(client, '', alias)).toMatchObject({ cmd: 'puback', reasonCode: 0 })
    expect(await publish(client, 'b', { properties: { topicAlias: 2 } })).toMatchObject({
      reasonCode: 135,
    })
  })

  it('authz G3: retained needs iot:RetainPublish', async () => {
    const device = await newDevice([...statements, allow('iot:RetainPublish', 'topic/b')])
    const client = await connected(device, 5)
    expect(await publish(client, 'a', { retain: true })).toMatchObject({ reasonCode: 135 })
  })

  it('authz G14, X14: a shared filter by its own text', async () => {
    const device = await newDevice([
      connectAny,
      allow('iot:Subscribe', 'topicfilter/$share/g/s/*'),
      allow('iot:Receive', 'topic/s/*', 'topic/done/*'),
      allow('iot:Subscribe', 'topicfilter/done/*'),
    ])
    const client = await connected(device, 5)
    expect(await subscribe(client, 's/#')).toBe(135)
    expect(await subscribe(client, '$share/g/s/#')).toBe(0)
    await subscribe(client, `done/${device.thingName}`)
    expect(await received(client, device, 's/1')).toEqual(['s/1'])
  })
})

describe('live connections', () => {
  const base = [connectAny, allow('iot:Subscribe', '*'), allow('iot:Receive', 'topic/done/*')]

  async function listening(statements: readonly object[]): Promise<[TestDevice, RawClient]> {
    const device = await newDevice(statements)
    const client = await connected(device)
    expect(await subscribe(client, '#')).toBe(0)
    return [device, client]
  }

  it('authz G5, X4, X24: iot:Receive is asked for every delivery, with the policy as it is then', async () => {
    const [device, client] = await listening([...base, allow('iot:Receive', 'topic/a/*')])
    expect(await received(client, device, 'a/1', 'b/1')).toEqual(['a/1'])
    await change(device, [...base, allow('iot:Receive', 'topic/b/*')])
    expect(await received(client, device, 'a/2', 'b/2')).toEqual(['b/2'])
    await change(device, [...base, allow('iot:Receive', '*'), deny('iot:Receive', 'topic/b/*')])
    expect(await received(client, device, 'a/3', 'b/3')).toEqual(['a/3'])
  })

  it('authz E2, E3: follow policies of groups that their thing joins', async () => {
    const [device, client] = await listening([...base, allow('iot:Receive', '*')])
    // Needs attachment (X12), which createDevice has made.
    const groups = [`root-${device.thingName}`, `leaf-${device.thingName}`] as const
    await server.iot.send(new CreateThingGroupCommand({ thingGroupName: groups[0] }))
    await server.iot.send(
      new CreateThingGroupCommand({ thingGroupName: groups[1], parentGroupName: groups[0] }),
    )
    const policyName = `closed-${device.thingName}`
    await server.iot.send(
      new CreatePolicyCommand({
        policyName,
        policyDocument: document([deny('iot:Receive', 'topic/closed/*')]),
      }),
    )
    const target = arn(`thinggroup/${groups[0]}`)
    await server.iot.send(new AttachPolicyCommand({ policyName, target }))
    expect(await received(client, device, 'closed/1')).toEqual(['closed/1'])
    await server.iot.send(
      new AddThingToThingGroupCommand({ thingName: device.thingName, thingGroupName: groups[1] }),
    )
    expect(await received(client, device, 'closed/2')).toEqual([])
    await server.iot.send(new DetachPolicyCommand({ policyName, target }))
    expect(await received(client, device, 'closed/3')).toEqual(['closed/3'])
  })

  it('authz F4, F5: follow the attributes and the attachment of their thing', async () => {
    const site = '${iot:Connection.Thing.Attributes[site]}'
    const [device, client] = await listening([...base, allow('iot:Receive', `topic/${site}/*`)])
    const { thingName, certificateArn: principal } = device
    expect(await received(client, device, 'north/1')).toEqual([])
    await server.iot.send(
      new UpdateThingCommand({ thingName, attributePayload: { attributes: { site: 'north' } } }),
    )
    expect(await received(client, device, 'north/2')).toEqual(['north/2'])
    await server.iot.send(new DetachThingPrincipalCommand({ thingName, principal }))
    expect(await received(client, device, 'north/3')).toEqual([])
    await server.iot.send(new AttachThingPrincipalCommand({ thingName, principal }))
    expect(await received(client, device, 'north/4')).toEqual(['north/4'])
  })

  it('authz X35: a will is sent without asking again; its receivers need iot:Receive', async () => {
    const [listener, client] = await listening([...base, allow('iot:Receive', 'topic/w/*')])
    const dying = await newDevice([connectAny, allow('iot:Publish', 'topic/w/*')])
    const will = {
      topic: `w/${dying.thingName}`,
      payload: Buffer.from('x'),
      qos: 0,
      retain: false,
    } as const
    const session = await open(dying, { will })
    await session.next()
    await change(dying, [connectAny])
    session.socket.destroy()
    const event = await client.next()
    expect(event).toMatchObject({ cmd: 'publish', topic: will.topic })
    expect(await received(client, listener)).toEqual([])
  })

  it('authz H2: end when their certificate is deactivated', async () => {
    const [device, client] = await listening([...base, allow('iot:Receive', '*')])
    await server.iot.send(
      new UpdateCertificateCommand({ certificateId: device.certificateId, newStatus: 'INACTIVE' }),
    )
    await client.closed()
  })
})

describe('HTTPS', () => {
  it('authz A3, I1, F2: publishes by iot:Publish, without client ID and thing', async () => {
    const device = await newDevice([
      allow(
        'iot:Publish',
        'topic/plain',
        'topic/${iot:ClientId}',
        'topic/${iot:Connection.Thing.ThingName}',
      ),
    ])
    const post = async (target: string): Promise<number> =>
      (await requestHttps(server, device, 'POST', `/topics/${target}`, 'x')).status
    expect(await post('plain?qos=1')).toBe(200)
    expect(await post(`${device.thingName}?qos=1`)).toBe(403)
    expect(await post('plain?qos=1&retain=true')).toBe(403)
  })

  it('authz D7, D12, D13, I2, X15: jobs need iotjobsdata: actions on the thing', async () => {
    const device = await newDevice([allow('iot:*', '*')])
    const jobs = (): Promise<{ status: number }> =>
      requestHttps(server, device, 'GET', `/things/${device.thingName}/jobs`)
    expect((await jobs()).status).toBe(403)
    expect((await lastDenial(device)).hints.join()).toContain('iotjobsdata:GetPendingJobExecutions')
    await change(device, [
      allow('iotjobsdata:GetPendingJobExecutions', `thing/${device.thingName}`),
    ])
    expect((await jobs()).status).toBe(200)
  })
})
