/** When a device comes back. */
import type { Clock } from '@muster/clock'
import { expect, it } from 'vitest'
import { MqttLink } from '../src/mqtt/mqtt-link.ts'
import { StandInServer } from './stand-in-server.ts'

/** Time that stands still; alarms are noted and never ring. */
function stillClock(nowMs: number): { clock: Clock; alarmed: Promise<number> } {
  const { promise, resolve } = Promise.withResolvers<number>()
  const clock: Clock = {
    mode: 'virtual',
    rate: 0,
    nowMs: () => nowMs,
    setAlarm: (atMs) => {
      resolve(atMs)
      return () => {}
    },
  }
  return { clock, alarmed: promise }
}

it.each([
  { chance: 0, atMs: 6500 },
  { chance: 0.99, atMs: 6005 },
])(
  'gateway G20: one CONNECT a second, spread by chance ($chance) all the same',
  async ({ chance, atMs }) => {
    const server = await StandInServer.start({ request: () => {} })
    const { clock, alarmed } = stillClock(5000)
    const link = new MqttLink(
      {
        endpoint: server.endpoint,
        identity: server.identity('d1'),
        clientId: 'd1',
        wallClock: clock,
        random: () => chance,
      },
      { up: () => link.drop(), down: () => {}, message: () => {} },
    )
    link.start()
    expect(await alarmed).toBe(atMs)
    await link.stop()
    await server.stop()
  },
)
