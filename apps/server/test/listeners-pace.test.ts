/** The throughput quota on a stream: slowed, not lost. */
import { Duplex } from 'node:stream'

import { Broker } from '@muster/broker'
import { generate } from 'mqtt-packet'
import { expect, it } from 'vitest'
import { MqttOutbox } from '../src/listeners/mqtt-outbox.ts'
import { attachMqtt } from '../src/listeners/mqtt-socket.ts'

function pipe(): { near: Duplex; far: Duplex } {
  const near: Duplex = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      far.push(chunk)
      done()
    },
  })
  const far: Duplex = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      near.push(chunk)
      done()
    },
  })
  return { near, far }
}

const quotaBytes = 524_288

function attached(): { broker: Broker; far: Duplex; close: () => void } {
  const allowed = { allowed: true }
  const broker = new Broker({
    time: { nowMs: () => 0, wallMs: () => 0 },
    records: { put: () => {}, delete: () => {}, load: () => [] },
    uuid: () => 'id',
    random: () => 0,
    reserved: () => {},
    dueChanged: () => {},
  })
  const turn = {
    afterCommit: (effect: () => void) => effect(),
    committed: () => Promise.resolve(),
  }
  const { near, far } = pipe()
  attachMqtt(broker, new MqttOutbox(turn, quotaBytes), near, {
    sourceIp: '',
    sourcePort: 0,
    targetIp: '',
    targetPort: 0,
    authenticate: () => ({
      ok: true,
      client: {
        principalId: 'p',
        authorizer: {
          connect: () => allowed,
          publish: () => allowed,
          retainPublish: () => allowed,
          subscribe: () => allowed,
          receive: () => true,
          release: () => {},
        },
      },
    }),
  })
  far.write(generate({ cmd: 'connect', clientId: 'a', clean: true, keepalive: 60 }))
  const close = (): void => {
    near.destroy()
    far.destroy()
  }
  return { broker, far, close }
}

/** Resolves when so many bytes have come, with the time since the call. */
function received(far: Duplex, wantedBytes: number): Promise<number> {
  const startMs = performance.now()
  return new Promise((resolve) => {
    let bytes = 0
    far.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes >= wantedBytes) resolve(performance.now() - startMs)
    })
  })
}

const payload = Buffer.alloc(98_304)
const count = 8

it('gateway G35: above 512 KB/s a client is delayed, and every publish is acknowledged', async () => {
  const { far, close } = attached()
  const all = received(far, 4 + count * 4)
  for (let messageId = 1; messageId <= count; messageId++) {
    const packet = { topic: 't', payload, messageId, dup: false, retain: false } as const
    far.write(generate({ cmd: 'publish', qos: 1, ...packet }))
  }
  expect(await all).toBeGreaterThan(300)
  close()
})

it('gateway G35: what is sent to a client above 512 KB/s is delayed, and all of it comes', async () => {
  const { broker, far, close } = attached()
  const subscribed = received(far, 4 + 5)
  const subscriptions = [{ topic: 't', qos: 0 } as const]
  far.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions }))
  await subscribed
  const startMs = performance.now()
  const first = received(far, count * payload.length)
  for (let sent = 0; sent < count; sent++) broker.publish({ topic: 't', payload, qos: 0 })
  await first
  const last = received(far, payload.length)
  broker.publish({ topic: 't', payload, qos: 0 })
  await last
  expect(performance.now() - startMs).toBeGreaterThan(300)
  close()
})
