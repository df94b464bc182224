/** Whether a request that was cut was denied, when the next attempt to connect finds a server. */
import type { LinkDown } from '@muster/device'
import { expect, it } from 'vitest'
import { ConnectionWitnesses } from '../src/worker/connection-witnesses.ts'
import { CutRequests } from '../src/worker/cut-requests.ts'

const CUT_AT_MS = 1_800_000_000_000

const during = (request: string, reasonCode?: number): LinkDown => ({
  kind: 'denied',
  detail: `closed during ${request}`,
  ...(reasonCode !== undefined && { reasonCode }),
})
const REFUSED: LinkDown = { kind: 'refused', detail: 'closed instead of CONNACK' }

/** A device among others, of which some were connected since a minute and some were cut with it. */
function among({ older = 0, idleCuts = 0 }): CutRequests {
  const witnesses = new ConnectionWitnesses()
  for (let device = 0; device < older + idleCuts; device += 1) {
    const one = {}
    witnesses.connected(one, CUT_AT_MS - 60_000)
    if (device < older) continue
    witnesses.left(one)
    witnesses.cutWhileIdle(CUT_AT_MS + 100)
    witnesses.connected(one, CUT_AT_MS + 900)
  }
  return new CutRequests(witnesses)
}

function judged(cuts: CutRequests, reason: LinkDown, serverWasThere = true): unknown {
  cuts.cut(reason, CUT_AT_MS)
  return cuts.settle(serverWasThere)
}

it('nothing listens at the next attempt: an outage, whatever others saw', () => {
  const found = judged(among({ older: 3 }), during('publish a/b'), false)
  expect(found).toEqual({ what: 'publish', cause: 'outage' })
})

it('others stayed connected, so it was denied', () => {
  const others = { older: 1 }
  expect(judged(among(others), during('publish a b'))).toEqual({ what: 'publish', cause: 'denied' })
  expect(judged(among(others), during('subscribe a'))).toMatchObject({ what: 'subscribe' })
  expect(judged(among(others), REFUSED)).toEqual({ what: 'connect', cause: 'denied' })
})

it('others that asked for nothing were cut in the same moment: an outage that was over soon', () => {
  const found = judged(among({ idleCuts: 2 }), during('publish a'))
  expect(found).toEqual({ what: 'publish', cause: 'outage' })
})

it('some were cut and others stayed: nobody knows', () => {
  const found = judged(among({ older: 2, idleCuts: 1 }), during('publish a'))
  expect(found).toEqual({ what: 'publish', cause: 'unknown' })
})

it('a device alone, with a server that is there at once, was denied', () => {
  expect(judged(among({}), during('publish a'))).toEqual({ what: 'publish', cause: 'denied' })
})

it('what others lost a minute before tells nothing of a cut', () => {
  const witnesses = new ConnectionWitnesses()
  witnesses.connected({}, CUT_AT_MS - 50_000)
  witnesses.cutWhileIdle(CUT_AT_MS - 60_000)
  // Of one client alone: its keep-alive ran out.
  witnesses.cutWhileIdle(CUT_AT_MS, 141)
  expect(witnesses.ofCut(CUT_AT_MS)).toBe('it stayed')
  witnesses.cutWhileIdle(CUT_AT_MS, 139)
  expect(witnesses.ofCut(CUT_AT_MS)).toBe('nobody knows')
})

it('a request that nobody can explain is denied when it is cut again, unless it was answered meanwhile', () => {
  const cuts = among({ older: 1, idleCuts: 1 })
  const cause = (reason: LinkDown, serverWasThere?: boolean): unknown =>
    (judged(cuts, reason, serverWasThere) as { readonly cause: unknown }).cause
  expect(cause(during('publish a'))).toBe('unknown')
  cuts.answered('publish b')
  expect([cause(during('publish a')), cause(during('publish a'))]).toEqual(['denied', 'denied'])
  cuts.answered('publish a')
  expect(cause(during('publish a'))).toBe('unknown')
  expect(cause(during('publish b'))).toBe('unknown')
  expect(cause(during('publish b'), false)).toBe('outage')
  expect(cause(during('publish b'))).toBe('unknown')
})

it('MQTT 5 says why: not authorized is a denial, a server that shuts down is none', () => {
  expect(judged(among({}), during('subscribe a', 135))).toMatchObject({ cause: 'denied' })
  expect(judged(among({ older: 1 }), during('publish a', 139))).toMatchObject({ cause: 'outage' })
  expect(judged(among({}), { ...REFUSED, reasonCode: 135 })).toMatchObject({ cause: 'denied' })
})

it('a cut is judged once', () => {
  const cuts = among({ older: 1 })
  expect(judged(cuts, REFUSED)).toBeDefined()
  expect(cuts.settle(true)).toBeUndefined()
})
