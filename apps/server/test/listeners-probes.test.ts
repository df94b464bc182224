/** The acceptance probes of the gateway that concern MQTT, with MQTT.js and raw packets over TLS. */
import { CreateJobCommand } from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  mqttOptions,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { generate, type Packet } from 'mqtt-packet'
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handshake, rawClient, type RawClient } from './listeners-fixture.ts'

let server: TestServer
let open: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  open = await createDevice(server.iot, 'open', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

const raw = async (clientId: string, more: object = {}): Promise<RawClient> => {
  const client = rawClient(await handshake(server, open), { clientId, ...more })
  expect(await client.next()).toMatchObject({ cmd: 'connack' })
  return client
}

const message = (
  client: MqttClient,
): Promise<{ topic: string; payload: string; packet: IPublishPacket }> =>
  new Promise((resolve) => {
    client.once('message', (topic, payload, packet) =>
      resolve({ topic, payload: payload.toString(), packet }),
    )
  })

describe('acceptance probes', () => {
  it.each([
    [4, 'mqttPort', []],
    [5, 'mqttPort', []],
    [4, 'mqttPort', ['x-amzn-mqtt-ca']],
    [4, 'alpnPort', ['x-amzn-mqtt-ca']],
    [5, 'alpnPort', ['x-amzn-mqtt-ca']],
  ] as const)(
    'gateway probe 1: MQTT %i on %s with ALPN %j',
    async (protocolVersion, port, alpn) => {
      const client = await connectMqtt(server, open, {
        protocolVersion,
        port: server[port],
        clientId: `probe-1-${protocolVersion}-${port}`,
        username: '?SDK=Test&Version=1',
        password: Buffer.from('ignored'),
        ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
      })
      await client.subscribeAsync(`probe-1/${port}`, { qos: 1 })
      const received = message(client)
      await client.publishAsync(`probe-1/${port}`, 'hello', { qos: 1 })
      expect(await received).toMatchObject({ payload: 'hello', packet: { qos: 1 } })
      await client.endAsync()
    },
  )

  it('gateway probe 4: deny-publish and deny-subscribe policies on both versions', async () => {
    const policyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'iot:*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: ['iot:Publish', 'iot:Subscribe'],
          Resource: ['topic/no', 'topicfilter/no'].map(
            (name) => `arn:aws:iot:us-east-1:123456789012:${name}`,
          ),
        },
      ],
    })
    const device = await createDevice(server.iot, 'denied', { policyDocument })
    const publish: Packet = {
      cmd: 'publish',
      topic: 'no',
      payload: '',
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    }
    const subscribe: Packet = {
      cmd: 'subscribe',
      messageId: 2,
      subscriptions: [{ topic: 'no', qos: 0 }],
    }
    for (const packet of [publish, subscribe]) {
      const three = rawClient(await handshake(server, device), { clientId: 'denied' })
      await three.next()
      three.send(packet)
      expect(await three.closed()).toEqual([])
      const five = rawClient(await handshake(server, device), {
        clientId: 'denied',
        protocolVersion: 5,
      })
      await five.next()
      five.send(packet)
      expect(await five.next()).toMatchObject(
        packet === publish ? { cmd: 'puback', reasonCode: 135 } : { cmd: 'suback', granted: [135] },
      )
      five.socket.destroy()
    }
  })

  it('gateway probe 5: a job reply with zero subscriptions, with one, and with a snooping client', async () => {
    const device = await createDevice(server.iot, 'worker')
    const snoop = await raw('snoop')
    snoop.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: '$aws/things/+/jobs/#', qos: 1 }],
    })
    expect(await snoop.next()).toMatchObject({ cmd: 'suback', granted: [1] })
    const worker = rawClient(await handshake(server, device), { clientId: 'worker' })
    await worker.next()
    const reply = '$aws/things/worker/jobs/get/accepted'
    const ask = {
      cmd: 'publish',
      topic: '$aws/things/worker/jobs/get',
      payload: '{"clientToken":"t"}',
      qos: 1,
      messageId: 5,
      dup: false,
      retain: false,
    } as const
    worker.send(ask)
    expect(await worker.next()).toMatchObject({ cmd: 'puback', messageId: 5 })
    expect(await worker.next()).toMatchObject({ cmd: 'publish', topic: reply, qos: 1 })
    worker.send({
      cmd: 'subscribe',
      messageId: 6,
      subscriptions: [
        { topic: reply, qos: 0 },
        { topic: '$aws/things/worker/jobs/notify', qos: 0 },
      ],
    })
    expect(await worker.next()).toMatchObject({ cmd: 'suback' })
    worker.send(ask)
    expect(await worker.next()).toMatchObject({ cmd: 'puback' })
    expect(await worker.next()).toMatchObject({ cmd: 'publish', topic: reply, qos: 0 })
    await server.iot.send(
      new CreateJobCommand({ jobId: 'probe-5', targets: [device.thingArn], document: '{}' }),
    )
    expect(await worker.next()).toMatchObject({ topic: '$aws/things/worker/jobs/notify' })
    expect(await snoop.next()).toMatchObject({ topic: '$aws/things/worker/jobs/notify' })
    worker.socket.destroy()
    snoop.socket.destroy()
  })

  it('gateway probe 6: kill TCP, reconnect within 3600 s: Session Present, QoS 1 follows', async () => {
    const persistent = { clean: false }
    const first = await raw('sleeper', persistent)
    first.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'probe-6', qos: 1 }] })
    await first.next()
    first.socket.destroy()
    const sender = await raw('sender')
    for (let messageId = 1; messageId <= 3; messageId++) {
      sender.send({
        cmd: 'publish',
        topic: 'probe-6',
        payload: String(messageId),
        qos: 1,
        messageId,
        dup: false,
        retain: false,
      })
      expect(await sender.next()).toMatchObject({ cmd: 'puback' })
    }
    await server.advance(3000)
    const startMs = performance.now()
    const back = rawClient(await handshake(server, open), { clientId: 'sleeper', ...persistent })
    expect(await back.next()).toMatchObject({ cmd: 'connack', sessionPresent: true })
    for (const expected of ['1', '2', '3']) {
      const packet = await back.next()
      expect(packet).toMatchObject({
        cmd: 'publish',
        qos: 1,
        dup: false,
        payload: Buffer.from(expected),
      })
      back.send({ cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 })
    }
    expect(performance.now() - startMs).toBeGreaterThan(190)
    back.socket.destroy()
    sender.socket.destroy()
  })

  it('gateway probe 7: same client ID twice: old dropped, will published, versionNumber + 1', async () => {
    const watcher = await raw('watcher-7')
    const topics = ['will-7', '$aws/events/presence/connected/twice']
    watcher.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: topics.map((topic) => ({ topic, qos: 0 as const })),
    })
    await watcher.next()
    const will = { topic: 'will-7', payload: Buffer.from('gone'), qos: 0 as const, retain: false }
    const old = await raw('twice', { will })
    const second = await raw('twice')
    expect(await old.closed()).toEqual([])
    const seen = [await watcher.next(), await watcher.next(), await watcher.next()]
    const versions = seen.flatMap((packet) =>
      packet.cmd === 'publish' && packet.topic !== 'will-7'
        ? [(JSON.parse(packet.payload.toString()) as { versionNumber: number }).versionNumber]
        : [],
    )
    expect(versions).toEqual([0, 1])
    expect(seen).toContainEqual(expect.objectContaining({ topic: 'will-7' }))
    watcher.socket.destroy()
    second.socket.destroy()
  })

  it('gateway probe 11: ninth filter, fifty-first subscription, 257-byte topic, eight slashes, 131,073-byte payload', async () => {
    const greedy = await raw('limits')
    const nine = Array.from({ length: 9 }, (_, index) => ({ topic: `n${index}`, qos: 0 as const }))
    greedy.send({ cmd: 'subscribe', messageId: 1, subscriptions: nine })
    expect(await greedy.closed()).toEqual([])
    const client = await raw('limits')
    for (let index = 0; index < 51; index++) {
      client.send({
        cmd: 'subscribe',
        messageId: 2,
        subscriptions: [{ topic: `s${index}`, qos: 1 }],
      })
      expect(await client.next()).toMatchObject({ granted: [index < 50 ? 1 : 128] })
    }
    client.socket.destroy()
    const publish = {
      cmd: 'publish',
      payload: '',
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    } as const
    for (const topic of ['x'.repeat(257), '1/2/3/4/5/6/7/8/9']) {
      const three = await raw('limits')
      three.send({ ...publish, topic })
      expect(await three.closed()).toEqual([])
      const five = await raw('limits', { protocolVersion: 5 })
      five.send({ ...publish, topic })
      expect(await five.next()).toMatchObject({ cmd: 'puback', reasonCode: 144 })
      five.socket.destroy()
    }
    const fits = await raw('limits')
    fits.send({ ...publish, topic: 'big', payload: Buffer.alloc(131_072) })
    expect(await fits.next()).toMatchObject({ cmd: 'puback' })
    fits.send({ ...publish, topic: 'big', payload: Buffer.alloc(131_073) })
    expect(await fits.closed()).toEqual([])
  })
})

describe('MQTT on the wire', () => {
  it('packets of one turn leave in one write', async () => {
    const client = await raw('burst')
    let chunks = 0
    client.socket.on('data', () => chunks++)
    const ping = Buffer.from([0xc0, 0])
    client.raw(Buffer.concat(Array.from({ length: 50 }, () => ping)))
    for (let count = 0; count < 50; count++) expect((await client.next()).cmd).toBe('pingresp')
    expect(chunks).toBe(1)
    client.socket.destroy()
  })

  it('a burst of one client is handled over several turns, with others in between', async () => {
    const sender = await raw('burst-sender')
    const other = await raw('burst-other')
    const packet = { cmd: 'publish', topic: 't', payload: 'x', qos: 1, dup: false, retain: false }
    const burst = Array.from({ length: 1_000 }, (_, index) =>
      generate({ ...packet, messageId: index + 1 } as Packet),
    )
    const answered: string[] = []
    sender.raw(Buffer.concat(burst))
    other.raw(Buffer.from([0xc0, 0]))
    const acknowledged = (async () => {
      for (let messageId = 1; messageId <= burst.length; messageId++) {
        expect(await sender.next()).toMatchObject({ cmd: 'puback', messageId })
      }
      answered.push('burst')
    })()
    expect(await other.next()).toMatchObject({ cmd: 'pingresp' })
    answered.push('other')
    await acknowledged
    expect(answered).toEqual(['other', 'burst'])
    sender.socket.destroy()
    other.socket.destroy()
  })

  it('what a client sent in a burst before it left counts, its DISCONNECT too', async () => {
    const watcher = await raw('leaver-watcher')
    watcher.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'left/#', qos: 0 }] })
    expect((await watcher.next()).cmd).toBe('suback')
    const will = { topic: 'left/will', payload: 'w', qos: 0, retain: false } as const
    const leaver = await raw('leaver', { will })
    const packet = { cmd: 'publish', topic: 'left/x', payload: '', qos: 0 } as Packet
    const burst = Array.from({ length: 200 }, () => generate(packet))
    leaver.socket.end(Buffer.concat([...burst, generate({ cmd: 'disconnect' })]))
    for (let count = 0; count < burst.length; count++) {
      expect(await watcher.next()).toMatchObject({ cmd: 'publish', topic: 'left/x' })
    }
    expect(await leaver.closed()).toEqual([])
    watcher.raw(Buffer.from([0xc0, 0]))
    expect((await watcher.next()).cmd).toBe('pingresp') // no will before it
    watcher.socket.destroy()
  })

  it('retained messages and persistent sessions survive a restart of the server', async () => {
    let own = await startTestServer()
    const device = await createDevice(own.iot, 'kept', { policyDocument: OPEN_POLICY })
    const first = await connectMqtt(own, device, { clean: false })
    await first.subscribeAsync('queue', { qos: 1 })
    await first.publishAsync('retained', 'still here', { qos: 1, retain: true })
    first.end(true)
    const sender = await connectMqtt(own, device, { clientId: 'sender' })
    await sender.publishAsync('queue', 'waiting', { qos: 1 })
    await sender.endAsync()
    own = await own.restart()
    const back = mqtt.connect(mqttOptions(own, device, { clean: false }))
    const waiting = message(back)
    const connack = await new Promise<{ sessionPresent: boolean }>((resolve) =>
      back.once('connect', resolve),
    )
    expect(connack.sessionPresent).toBe(true)
    expect(await waiting).toMatchObject({ topic: 'queue', payload: 'waiting' })
    const retained = message(back)
    await back.subscribeAsync('retained', { qos: 1 })
    expect(await retained).toMatchObject({ payload: 'still here', packet: { retain: true } })
    await back.endAsync()
    await own.close()
  })

  it('a client that keeps sending still learns why it was disconnected', async () => {
    const five = await raw('talker', { protocolVersion: 5 })
    const big = {
      cmd: 'publish',
      topic: 'big',
      payload: Buffer.alloc(131_073),
      qos: 0,
      dup: false,
      retain: false,
    } as const
    for (let count = 0; count < 20; count++) five.send(big)
    expect(await five.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 151 })
    expect(await five.closed()).toEqual([])
  })

  it('a client that does not read is bounded, and others are served', async () => {
    const slow = await raw('slow')
    slow.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'flood', qos: 0 }] })
    await slow.next()
    slow.socket.pause()
    const sender = await raw('flood-sender')
    const publishes = 400
    for (let count = 0; count < publishes; count++) {
      sender.send({
        cmd: 'publish',
        topic: 'flood',
        payload: Buffer.alloc(131_000),
        qos: 1,
        messageId: 1,
        dup: false,
        retain: false,
      })
      expect(await sender.next()).toMatchObject({ cmd: 'puback' })
    }
    slow.socket.resume()
    slow.send({ cmd: 'pingreq' })
    let received = 0
    while ((await slow.next()).cmd !== 'pingresp') received++
    // What socket buffers and the bound of a megabyte hold; the rest was dropped, not kept.
    expect(received).toBeLessThan(publishes / 2)
    slow.socket.destroy()
    sender.socket.destroy()
  })
})
