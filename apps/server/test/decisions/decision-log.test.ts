/** The log of refusals: one place for one kind, bounded, fair to every cause; and its lines. */
import { expect, it } from 'vitest'
import type { Denial, LoggedDecision } from '../../src/decisions/decision.ts'
import { DecisionLog } from '../../src/decisions/decision-log.ts'
import { DecisionWarnings } from '../../src/decisions/decision-warnings.ts'

const denial = (more: Partial<Denial> = {}): Denial => ({
  kind: 'mqtt',
  effect: 'deny',
  action: 'PUBLISH',
  reason: 'CLIENT_ERROR',
  protocol: 'mqtt',
  sourceIp: '192.0.2.1',
  clientId: 'c',
  ...more,
})
const why = { summary: 'it was refused', hint: 'do otherwise' }

async function resources(log: DecisionLog): Promise<(string | null)[]> {
  const page = await log.page({}, 100)
  return page?.decisions.map(({ resource }) => resource) ?? []
}

it('the same refusal again takes no other place, and is told once', async () => {
  let [told, all] = [0, 0]
  const log = new DecisionLog({
    nowMs: () => 1,
    onFirst: () => (told += 1),
    onOccurrence: () => (all += 1),
  })
  const first = log.record(denial({ resource: 'a' }), why)
  expect(log.record(denial({ resource: 'a' }), why)).toBe(first)
  log.record(denial({ resource: 'b' }), why)
  log.record(denial({ resource: 'b' }), { ...why, summary: 'it was refused for another reason' })
  expect([told, all]).toEqual([3, 4])
  const page = await log.page({}, 10)
  expect(page?.decisions.map(({ count, resource }) => [resource, count])).toEqual([
    ['b', 1],
    ['b', 1],
    ['a', 2],
  ])
  log.clear()
  expect(await resources(log)).toEqual([])
  expect(log.explain(first)).toBeUndefined()
})

it('a flood of one cause, or of one client in it, pushes out only itself', async () => {
  const log = new DecisionLog({ nowMs: () => 1, entriesMax: 100 })
  const rare = log.record(denial({ action: 'SUBSCRIBE', resource: 'rare' }), why)
  const other = log.record(denial({ clientId: 'other', resource: 'other' }), why)
  for (let n = 0; n < 1000; n++) log.record(denial({ resource: `flood/${n}` }), why)
  expect(log.explain(rare)).toBeDefined()
  expect(log.explain(other)).toBeDefined()
  const kept = await resources(log)
  expect(kept).toHaveLength(100)
  expect(kept.slice(0, 2)).toEqual(['flood/999', 'flood/998'])
  for (let n = 0; n < 1000; n++) log.record(denial({ clientId: `c${n}`, resource: 'a' }), why)
  expect(log.explain(rare)).toBeDefined()
})

it('pages and filters find each refusal once', async () => {
  let nowMs = 0
  const log = new DecisionLog({ nowMs: () => ++nowMs })
  for (let n = 0; n < 120; n++) {
    log.record(denial({ resource: `r/${n}`, clientId: n % 2 === 0 ? 'even' : 'odd' }), why)
  }
  const seen: string[] = []
  let nextToken: string | undefined
  do {
    const page = await log.page({ clientId: 'odd' }, 7, nextToken)
    seen.push(...(page?.decisions ?? []).map(({ id }) => id))
    nextToken = page?.nextToken
  } while (nextToken !== undefined)
  expect(seen).toHaveLength(60)
  expect(new Set(seen).size).toBe(60)
  const among = await log.page({ sinceMs: 10, untilMs: 12 }, 100)
  expect(among?.decisions.map(({ atMs }) => atMs)).toEqual([12, 11, 10])
  for (const filter of [
    { kind: 'tls' as const },
    { effect: 'implicitDeny' as const },
    { action: 'CONNECT' },
    { reason: 'AUTH_ERROR' },
    { thingName: 't' },
    { principalId: 'p' },
  ]) {
    expect((await log.page(filter, 10))?.decisions).toEqual([])
  }
  expect((await log.page({ effect: 'deny', kind: 'mqtt' }, 1000))?.decisions).toHaveLength(120)
  expect(await log.page({}, 10, 'x')).toBeUndefined()
})

it('texts of clients are kept up to a length', async () => {
  const log = new DecisionLog({ nowMs: () => 1 })
  const long = 'x'.repeat(100_000)
  log.record(denial({ clientId: long, resource: long }), { summary: long, hint: 'h' })
  expect(JSON.stringify(await log.page({}, 1)).length).toBeLessThan(2500)
})

it('lines are bounded for a client, for a cause and in all, and say so', () => {
  let wallMs = 0
  const lines: { line: Partial<LoggedDecision>; message: string }[] = []
  const warnings = new DecisionWarnings({
    warn: (line, message) => lines.push({ line, message }),
    wallMs: () => wallMs,
  })
  const log = new DecisionLog({
    nowMs: () => 1,
    onFirst: (one, shown) => warnings.tell(one, shown),
  })
  for (let n = 0; n < 100; n++) log.record(denial({ resource: `r/${n}` }), why)
  expect(lines).toHaveLength(10)
  expect(lines[0]).toMatchObject({
    message: 'refused',
    line: { kind: 'mqtt', action: 'PUBLISH', reason: 'CLIENT_ERROR', clientId: 'c', ...why },
  })
  for (let n = 0; n < 100; n++) log.record(denial({ clientId: `c${n}` }), why)
  expect(lines).toHaveLength(31)
  expect(lines.at(-1)).toMatchObject({
    message: expect.stringContaining('more refusals than lines'),
    line: { hint: expect.stringContaining('/_muster/decisions?kind=mqtt&reason=CLIENT_ERROR') },
  })
  for (let n = 0; n < 1000; n++) log.record(denial({ action: `a${n}` }), why)
  expect(lines).toHaveLength(100)
  wallMs = 60_000
  log.record(denial({ resource: 'later' }), why)
  expect(lines).toHaveLength(101)
})
