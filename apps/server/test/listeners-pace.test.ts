/** The throughput quota on a stream: slowed, not lost. */
import type { Duplex } from 'node:stream'
import { generate } from 'mqtt-packet'
import { expect, it } from 'vitest'
import type { Turn } from '../src/turn.ts'
import { attachedClient } from './attached-client.ts'

const turn: Turn = {
  durable: true,
  number: 1,
  afterCommit: (effect) => effect(),
  committed: () => Promise.resolve(),
}
const quotaBytes = 524_288

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
  const { far, close } = attachedClient(turn, quotaBytes)
  const all = received(far, 4 + count * 4)
  for (let messageId = 1; messageId <= count; messageId++) {
    const packet = { topic: 't', payload, messageId, dup: false, retain: false } as const
    far.write(generate({ cmd: 'publish', qos: 1, ...packet }))
  }
  expect(await all).toBeGreaterThan(300)
  close()
})

it('gateway G35: what is sent to a client above 512 KB/s is delayed, and all of it comes', async () => {
  const { broker, far, close } = attachedClient(turn, quotaBytes)
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
