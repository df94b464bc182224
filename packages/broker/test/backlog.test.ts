/** What waits for a client: its bounds, its pace, and who need not wait behind it. */
import { expect, it } from 'vitest'
import { world, type TestClient, type World } from './harness.ts'

const reply = '$aws/things/t/jobs/get/accepted'
const absent = { clean: false }

/** `count` messages that wait for client `a`. */
function leave(w: World, count: number): void {
  w.connected('a', absent).subscribe('t').connection.lost()
  publish(w, count)
}

function publish(w: World, count: number, messageExpirySeconds?: number): void {
  for (let index = 0; index < count; index++) {
    w.broker.publish({ topic: 't', payload: Buffer.from(`${index}`), qos: 1, messageExpirySeconds })
  }
}

function comeBack(w: World): TestClient {
  const client = w.connected('a', absent)
  client.takeAndAck()
  return client
}

it('gateway G24, G25: a client that takes its backlog at the pace stays, what is too much is dropped', () => {
  const w = world({ bounds: { queuedMessagesMax: 20 } })
  leave(w, 30)
  expect(w.broker.counts.dropped).toBe(10)
  const client = comeBack(w)
  let received = 0
  for (let tenths = 0; tenths < 40; tenths++) {
    publish(w, 2)
    received += client.takeAndAck().length
    w.advance(100)
  }
  expect(client.closed).toBe(false)
  expect(received).toBeGreaterThanOrEqual(39)
})

it('gateway G25: a client that acknowledges nothing is disconnected when its queue is full', () => {
  const w = world({ bounds: { queuedMessagesMax: 20 } })
  const client = w.connected('a', absent).subscribe('t')
  publish(w, 120)
  expect(client.closed).toBe(false)
  publish(w, 1)
  expect(client.closed).toBe(true)
})

it('gateway G25, G54: expired messages make room for others', () => {
  const w = world({ bounds: { queuedMessagesMax: 20 } })
  w.connected('a', absent).subscribe('t').connection.lost()
  publish(w, 10, 1)
  publish(w, 10, 5)
  w.advance(2000)
  publish(w, 12)
  expect([w.broker.counts.dropped, w.records.size('mqtt-delivery')]).toEqual([12, 20])
  w.advance(5000)
  publish(w, 10)
  expect([w.broker.counts.dropped, w.records.size('mqtt-delivery')]).toEqual([22, 20])
})

it('gateway G25: topics and properties count towards the bytes that may wait', () => {
  const w = world({ bounds: { queuedBytesMax: 10_000 } })
  w.connected('a', absent).subscribe('t').connection.lost()
  const properties = {
    contentType: 'c'.repeat(200),
    responseTopic: 'r'.repeat(200),
    correlationData: Buffer.alloc(500),
    userProperties: [['n'.repeat(50), 'v'.repeat(49)]] as const,
  }
  for (let count = 0; count < 20; count++) {
    w.broker.publish({ topic: 't', payload: Buffer.alloc(0), qos: 1, properties })
  }
  expect(w.records.size('mqtt-delivery')).toBe(10)
})

it.each([0, 1] as const)(
  'gateway G47: a reply at QoS %i does not wait behind the backlog',
  (qos) => {
    const w = world()
    leave(w, 60)
    const client = comeBack(w)
    w.broker.replyDirect(client.connection.id, { topic: reply, payload: Buffer.from('{}'), qos })
    expect(client.takeAndAck()).toEqual([`publish ${reply} ${qos} {}`])
  },
)

it('gateway G66: a direct message does not wait behind the backlog', () => {
  const w = world()
  leave(w, 60)
  const client = comeBack(w)
  let isConfirmed = false
  const message = { topic: 'd', payload: Buffer.from('m'), qos: 1 } as const
  const sent = w.broker.sendDirect('a', message, () => (isConfirmed = true))
  client.takeAndAck()
  expect([sent, isConfirmed]).toEqual(['sent', true])
})

it('gateway G27, G47: replies wait for the window in their order, before the queue', () => {
  const w = world()
  const five = { protocolVersion: 5, properties: { receiveMaximum: 1 } } as const
  const client = w.connected('a', five).subscribe('t')
  client.take()
  publish(w, 2)
  for (const text of ['1', '2']) {
    const payload = Buffer.from(text)
    w.broker.replyDirect(client.connection.id, { topic: reply, payload, qos: 1 })
  }
  expect(client.takeAndAck()).toEqual([
    'publish t 1 0',
    `publish ${reply} 1 1`,
    `publish ${reply} 1 2`,
    'publish t 1 1',
  ])
})

it('gateway G47, A18: an unacknowledged reply ends with its connection; the rest is sent again', () => {
  const w = world()
  const client = w.connected('a', absent).subscribe('t')
  client.take()
  const secret = { topic: reply, payload: Buffer.from('secret'), qos: 1 } as const
  w.broker.replyDirect(client.connection.id, secret)
  publish(w, 1)
  let acknowledged: boolean | undefined
  w.broker.sendDirect('a', { ...secret, topic: 'd' }, () => (acknowledged = true))
  expect(client.take()).toHaveLength(3)
  client.connection.lost()
  const next = w.client().connect('a', absent)
  expect(next.take()).toEqual(['connack 0 present', 'publish t 1 0'])
  expect(acknowledged).toBeUndefined()
})
