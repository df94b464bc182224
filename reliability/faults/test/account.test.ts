/** The account tells a loss from a server that goes back from one that is right, and says which. */
import { expect, it } from 'vitest'
import { Account, type Reading } from '../src/account.ts'
import { randomFrom } from '../src/random.ts'
import { isGood, lastLine, report } from '../src/report.ts'
import { shares, type KindFigures } from '../src/run.ts'
import { KINDS } from '../src/kinds/index.ts'

function judged(account: Account, reading: Reading): boolean {
  return account.judge('execution J T', account.expected('execution J T'), reading)
}

it.each<readonly [string, Reading]>([
  ['nothing', { value: undefined }],
  ['an older version', { value: 2, final: 'SUCCEEDED' }],
  ['another end', { value: 3, final: 'CANCELED' }],
  ['no end', { value: 3 }],
])('what was acknowledged is lost when the server says %s', (_what, reading) => {
  const account = new Account()
  account.acknowledge('execution J T', 2)
  account.acknowledge('execution J T', 3, 'SUCCEEDED')
  expect(judged(account, { value: 3, final: 'SUCCEEDED' })).toBe(true)
  expect(account.lost).toEqual([])
  expect(judged(account, reading)).toBe(false)
  expect(account.lost).toHaveLength(1)
  expect(account.lost[0]).toMatch(/^execution J T: acknowledged 3 SUCCEEDED, found /)
})

it('what the server said before, and nobody was told was kept, may not be taken back either', () => {
  const account = new Account()
  account.acknowledge('thing T', 1)
  const expected = account.expected('thing T')
  expect(account.judge('thing T', expected, { value: 5 })).toBe(true)
  expect(account.judge('thing T', expected, { value: 4 })).toBe(false)
  expect(account).toMatchObject({ lost: [], regressed: [expect.stringContaining('said 5 before')] })
})

it('who waits for progress hears of it, and of none', async () => {
  const account = new Account()
  const waiting = account.progress(2, 10_000)
  account.acknowledge('thing T', 1)
  account.acknowledge('thing T', 2)
  await waiting
  await expect(account.progress(1, 1)).rejects.toThrow('1 of 1 changes were not acknowledged')
})

it('each kind of fault comes at least once as soon as there are enough cycles, and as often as it should', () => {
  expect(shares(KINDS, 11).every((count) => count >= 1)).toBe(true)
  for (const cycles of [1, 7, 11, 100, 1000]) {
    expect(shares(KINDS, cycles).reduce((sum, count) => sum + count, 0)).toBe(cycles)
  }
})

it('a seed gives the same moments', () => {
  const [one, same, other] = [7, 7, 8].map((seed) => {
    const random = randomFrom(seed)
    return Array.from({ length: 5 }, random)
  })
  expect(same).toEqual(one)
  expect(other).not.toEqual(one)
})

it('the last line sums up, and a loss, a step back or a fault by itself make the run bad', () => {
  const good: KindFigures = {
    name: 'kill -9',
    cycles: 2,
    acknowledged: 10,
    lost: [],
    regressed: [],
    startsMs: [5, 9, 7],
    outcomes: new Map([['started again', 2]]),
    faults: [],
  }
  const skipped: KindFigures = {
    ...good,
    name: 'full disk',
    cycles: 0,
    acknowledged: 0,
    skipped: 'root',
  }
  expect(lastLine([good, good])).toBe('cycles 4, acknowledged 20, lost 0, regressed 0')
  expect(isGood([good, skipped])).toBe(true)
  expect(isGood([good, { ...good, lost: ['x'] }])).toBe(false)
  expect(isGood([good, { ...good, regressed: ['x'] }])).toBe(false)
  expect(isGood([good, { ...good, faults: ['x'] }])).toBe(false)
  const lines = report([good, skipped, { ...good, lost: ['thing T: gone'] }]).split('\n')
  expect(lines.at(-2)).toBe('cycles 4, acknowledged 20, lost 1, regressed 0')
  expect(lines).toContain('kill -9: lost: thing T: gone')
  expect(lines.join('\n')).toMatch(/full disk +skipped .*needs root/)
  expect(lines.join('\n')).toMatch(/kill -9 +2 +10 +0 +0 +7\/9 +started again 2/)
})

it('waits until every device has answers again, whatever operators get meanwhile', async () => {
  const account = new Account()
  const all = account.everyone(['mqtt4-0', 'https-2'], 2, 60_000)
  let done = false
  void all.then(() => (done = true))
  account.acknowledge('message mqtt4-0-1-99', 1)
  account.acknowledge('execution J1 mqtt4-0', 2)
  account.acknowledge('shadow https-2', 7)
  account.acknowledge('message https-2-1-99', 1)
  await Promise.resolve()
  expect(done).toBe(false)
  account.acknowledge('execution J1 https-2', 2)
  expect(await all).toBeLessThanOrEqual(performance.now())
})

it('names the device that was left without answers', async () => {
  await expect(new Account().everyone(['https-2'], 1, 1)).rejects.toThrow('https-2: no answers')
})
