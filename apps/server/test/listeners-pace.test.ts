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

it('gateway G35: above 512 KB/s a client is delayed, and every publish is acknowledged', async () => {
  const allowed = { allowed: true }
  const broker = new Broker({
    time: { nowMs: () => 0, wallMs: () => 0 },
    records: { put: () => {}, delete: () => {}, load: () => [] },
    uuid: () => 'id',
    random: () => 0,
    reserved: () => {},
    dueChanged: () => {},
  })
  const outbox = new MqttOutbox(
    { afterCommit: (effect) => effect(), committed: () => Promise.resolve() },
    524_288,
  )
  const { near, far } = pipe()
  attachMqtt(broker, outbox, near, {
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
  let received = 0
  const done = new Promise<void>((resolve) => {
    far.on('data', (bytes: Buffer) => {
      received += bytes.length
      if (received >= 4 + 8 * 4) resolve()
    })
  })
  const startMs = performance.now()
  far.write(generate({ cmd: 'connect', clientId: 'a', clean: true, keepalive: 60 }))
  for (let messageId = 1; messageId <= 8; messageId++) {
    const payload = Buffer.alloc(98_304)
    far.write(
      generate({
        cmd: 'publish',
        topic: 't',
        payload,
        qos: 1,
        messageId,
        dup: false,
        retain: false,
      }),
    )
  }
  await done
  expect(performance.now() - startMs).toBeGreaterThan(300)
  near.destroy()
  far.destroy()
})
