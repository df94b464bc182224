/** Where AWS's own pages are silent or disagree: what this broker does. */
import { expect, it } from 'vitest'
import { world } from './harness.ts'

it.each([
  ['nine levels', (w: ReturnType<typeof world>) => w.connected('a').publish('1/2/3/4/5/6/7/8/9')],
  ['257 bytes', (w: ReturnType<typeof world>) => w.connected('a').publish('x'.repeat(257))],
  [
    'a payload',
    (w: ReturnType<typeof world>) => w.connected('a').publish('t', 'x'.repeat(131_073)),
  ],
])('authz G18: a broken limit (%s) is CLIENT_ERROR, never AUTH_ERROR', (_limit, breakIt) => {
  const w = world()
  const watcher = w.connected('watcher').subscribe('$aws/events/presence/disconnected/a')
  watcher.take()
  expect(breakIt(w).closed).toBe(true)
  const [event] = watcher.packets
  if (event?.cmd !== 'publish') throw new Error('no event')
  expect(JSON.parse(event.payload.toString())).toMatchObject({ disconnectReason: 'CLIENT_ERROR' })
})

it('gateway A14: a retained message is there after four years', () => {
  const w = world()
  w.connected('a').publish('kept', 'x', { retain: true })
  w.advance(4 * 366 * 86_400_000)
  const late = w.connected('b').subscribe('kept')
  expect(late.take()).toEqual(['suback 1', 'publish kept 0 retain x'])
})
