/** A link's end on a carrier and the process' timers. */
import { expect, it, vi } from 'vitest'
import { driveLink } from '../src/driven-link.ts'
import type { Carrier } from '../src/carrier.ts'
import type { LinkEnd } from '../src/link-end.ts'

function quiet(carrier: Partial<Carrier>): Carrier {
  return { send: () => {}, receive: () => {}, close: () => {}, ...carrier }
}

it('a carrier that was closed before ends the link once whoever made it knows it', async () => {
  const told: (readonly [string, boolean])[] = []
  const carrier = quiet({ receive: ({ closed }) => closed('the other process is gone') })
  const link: LinkEnd = driveLink(carrier, {
    session: 1n,
    atTurnEnd: queueMicrotask,
    noticed: () => {},
    ended: (why) => told.push([why, link.over]),
  })
  expect(told).toEqual([])
  await Promise.resolve()
  expect(told).toEqual([['the other process is gone', true]])
})

it.each([
  ['two seconds', quiet({}), 2_000],
  ['as long as the carrier says', quiet({ patienceMs: 6_000 }), 6_000],
])('silence ends a link after %s', async (_long, carrier, patienceMs) => {
  vi.useFakeTimers()
  try {
    const told: string[] = []
    driveLink(carrier, {
      session: 1n,
      atTurnEnd: queueMicrotask,
      noticed: () => {},
      ended: (why) => told.push(why),
    })
    await vi.advanceTimersByTimeAsync(patienceMs)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(300)
    expect(told).toEqual(['nothing was heard from the other end'])
  } finally {
    vi.useRealTimers()
  }
})
