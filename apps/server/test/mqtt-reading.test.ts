/** When a client is read, and when it must wait. */
import { PassThrough } from 'node:stream'
import type { BrokerConnection } from '@muster/broker'
import { expect, it } from 'vitest'
import { MqttReading } from '../src/listeners/mqtt-reading.ts'

interface Parts {
  readonly socket: PassThrough
  readonly transport: { bufferedBytes: number }
  readonly reading: MqttReading
  /** What `receive` and `proceed` answer, in turn; then false. */
  readonly waits: boolean[]
  readonly calls: string[]
}

function parts(): Parts {
  const socket = new PassThrough()
  socket.resume()
  const transport = { bufferedBytes: 0 }
  const waits: boolean[] = []
  const calls: string[] = []
  const answer = (call: string) => (): boolean => {
    calls.push(call)
    return waits.shift() ?? false
  }
  const connection = {
    receive: answer('receive'),
    proceed: answer('proceed'),
  } as unknown as BrokerConnection
  const of = { socket, connection, transport, bytesPerSecondMax: undefined }
  return { socket, transport, reading: new MqttReading(of), waits, calls }
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

it('while packets wait, a slice of them is handled a turn and nothing more is read', async () => {
  const { calls, reading, socket, waits } = parts()
  waits.push(true, true, false)
  reading.take(Buffer.from('x'))
  expect([socket.isPaused(), calls]).toEqual([true, ['receive']])
  await turn()
  expect([socket.isPaused(), calls]).toEqual([true, ['receive', 'proceed']])
  await turn()
  expect([socket.isPaused(), calls]).toEqual([false, ['receive', 'proceed', 'proceed']])
  await turn()
  expect(calls).toHaveLength(3)
})

it('a client that does not take its replies is read no more until it has', async () => {
  const { calls, reading, socket, transport, waits } = parts()
  transport.bufferedBytes = 300_000
  waits.push(true)
  reading.take(Buffer.from('x'))
  await turn()
  expect([socket.isPaused(), calls]).toEqual([true, ['receive']])
  transport.bufferedBytes = 0
  reading.proceed()
  await turn()
  expect([socket.isPaused(), calls]).toEqual([false, ['receive', 'proceed']])
})

it('a socket that is gone is not proceeded with', async () => {
  const { calls, reading, waits } = parts()
  waits.push(true, true)
  reading.take(Buffer.from('x'))
  reading.stop()
  await turn()
  expect(calls).toEqual(['receive'])
})
