/** When answers leave: before the turn ends, unless a commit must come first. */
import type { Duplex } from 'node:stream'
import { generate, parser, type Packet } from 'mqtt-packet'
import { expect, it } from 'vitest'
import type { Turn } from '../src/turn.ts'
import { attachedClient } from './attached-client.ts'

/** A turn that ends when it is told to. */
function heldTurn(durable: boolean): Turn & { end(): void } {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  return { durable, number: 1, afterCommit: () => {}, committed: () => ended, end: () => end() }
}

/** The commands of the packets that have come, as they come. */
function commands(far: Duplex): string[] {
  const came: string[] = []
  const packets = parser()
  packets.on('packet', ({ cmd }: Packet) => came.push(cmd))
  far.on('data', (bytes: Buffer) => packets.parse(bytes))
  return came
}

/** What was written to a stream in memory is read by then. */
const delivered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const publish = (messageId: number): Buffer =>
  generate({
    cmd: 'publish',
    topic: 't',
    payload: '',
    qos: 1,
    messageId,
    dup: false,
    retain: false,
  })

it('answers leave at once when nothing waits for a commit', async () => {
  const { far, close } = attachedClient(heldTurn(true))
  const came = commands(far)
  far.write(publish(1))
  await delivered()
  expect(came).toEqual(['connack', 'puback'])
  close()
})

it('answers wait for the commit of a turn that wrote, and leave once', async () => {
  const turn = heldTurn(false)
  const { far, close } = attachedClient(turn)
  const came = commands(far)
  far.write(publish(1))
  await delivered()
  expect(came).toEqual([])
  turn.end()
  await delivered()
  expect(came).toEqual(['connack', 'puback'])
  close()
})

it('a farewell ends the socket at the end of the turn, after what was answered', async () => {
  const turn = heldTurn(true)
  const { far, close } = attachedClient(turn)
  const came = commands(far)
  const ended = new Promise((resolve) => far.once('end', resolve))
  far.write(Buffer.concat([publish(1), Buffer.from([0xf0, 0])]))
  turn.end()
  await ended
  expect(came).toEqual(['connack', 'puback'])
  close()
})

/** Turns that end and are confirmed when they are told to, as with a database behind them. */
function confirmedTurns(): Turn & { next(): void; confirm(turn: number): void } {
  const confirmed = new Map<number, PromiseWithResolvers<void>>()
  const of = (turn: number): PromiseWithResolvers<void> => {
    const known = confirmed.get(turn) ?? Promise.withResolvers<void>()
    confirmed.set(turn, known)
    return known
  }
  const turn = {
    durable: false,
    number: 1,
    afterCommit: () => {},
    committed: () => of(turn.number).promise,
    next: () => {
      turn.number += 1
    },
    confirm: (number: number) => of(number).resolve(),
  }
  return turn
}

it('an answer that rests on a later turn does not leave with those of an earlier one', async () => {
  const turn = confirmedTurns()
  const { far, close } = attachedClient(turn)
  const came = commands(far)
  far.write(publish(1))
  await delivered()
  turn.next()
  far.write(publish(2))
  await delivered()
  turn.confirm(1)
  await delivered()
  expect(came).toEqual(['connack', 'puback'])
  turn.confirm(2)
  await delivered()
  expect(came).toEqual(['connack', 'puback', 'puback'])
  close()
})

it('a farewell of a later turn waits for it, and what was answered before leaves before', async () => {
  const turn = confirmedTurns()
  const { far, close } = attachedClient(turn)
  const came = commands(far)
  let ended = false
  far.once('end', () => (ended = true))
  far.write(publish(1))
  await delivered()
  turn.next()
  far.write(Buffer.from([0xf0, 0]))
  await delivered()
  turn.confirm(1)
  await delivered()
  expect([came, ended]).toEqual([['connack', 'puback'], false])
  turn.confirm(2)
  await delivered()
  await delivered()
  expect(ended).toBe(true)
  close()
})
