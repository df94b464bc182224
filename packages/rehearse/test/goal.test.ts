/** Goals and fleets as people write them: what is read, and what is told of a mistake. */
import { describe, expect, it } from 'vitest'
import {
  judgeGoal,
  parseGoal,
  readFleet,
  rehearsal,
  rehearseSeed,
  countedNames,
} from '../src/index.ts'

describe('a goal', () => {
  it('is terms with times, devices and shares', () => {
    expect(parseGoal('touched <= 500, done<=48h,abort < 5%, succeeded >= 99%')).toMatchObject([
      { measure: 'touched', comparison: '<=', value: 500, ofFleet: false },
      { measure: 'done', comparison: '<=', value: 172_800 },
      { measure: 'abort', comparison: '<', value: 0.05 },
      { measure: 'succeeded', comparison: '>=', value: 0.99, ofFleet: true },
    ])
  })

  it.each([
    ['', /is not a goal: expected a measure/],
    ['touched', /is not a goal/],
    ['touchd <= 5', /no measure `touchd`: did you mean touched\?/],
    ['speed <= 5', /no measure `speed`: expected done, done50/],
    ['done <= 48 hours', /is not a goal/],
    ['done <= soon', /`soon` is not a time such as/],
    ['touched <= many', /expected devices, as in `500` or `1%`/],
    ['touched <= 101%', /expected devices/],
    ['abort <= 5', /expected per cent, as in `5%`/],
  ])('refuses `%s` with what was expected', (text, message) => {
    expect(() => parseGoal(text)).toThrow(message)
  })

  it('is met when the worst seed meets it', () => {
    const plan = {
      job: {},
      fleet: { name: 'f', devices: 10, groups: [{ name: 'all' }] },
      names: countedNames(10),
      startMs: 0,
      lookSeconds: 3600,
    }
    const found = [1, 2, 3].map((seed) => {
      const outcome = rehearseSeed(plan, seed)
      if (!outcome.ok) throw new Error(outcome.error.message)
      return outcome.value
    })
    const outcome = rehearsal(10, found)
    const slowest = outcome.done[100].most ?? 0
    const met = (text: string): boolean[] =>
      judgeGoal(parseGoal(text), outcome).map((term) => term.met)
    expect(met(`done100 <= ${slowest}s, done100 < ${slowest}s`)).toEqual([true, false])
    // Nothing aborts it, so all ten begin the bad firmware.
    expect(met('touched <= 100%, touched < 10, succeeded >= 10, abort <= 0%')).toEqual([
      true,
      false,
      true,
      true,
    ])
  })
})

describe('a fleet file', () => {
  it.each([
    [{}, 'name: is missing'],
    [{ name: 'f', devices: 0, groups: [{ name: 'a' }] }, 'devices: expected a whole number from 1'],
    [{ name: 'f', devices: 1, groups: [] }, 'groups: expected a list with entries'],
    [{ name: 'f', devices: 1, groups: [{ name: 'a', onlin: 1 }] }, 'did you mean online?'],
    [
      { name: 'f', devices: 1, groups: [{ name: 'a', online: { byHour: [1] } }] },
      'groups[0].online.byHour: expected 24 numbers from 0 to 1',
    ],
    [
      { name: 'f', devices: 1, groups: [{ name: 'a', online: { onlineSeconds: 5 } }] },
      'groups[0].online.offlineSeconds: is missing',
    ],
    [
      { name: 'f', devices: 1, groups: [{ name: 'a', jobs: [{ behaviour: 'explode' }] }] },
      'groups[0].jobs[0].behaviour: expected succeed, fail, reject, hang, found "explode"',
    ],
    [
      {
        name: 'f',
        devices: 1,
        groups: [{ name: 'a', reactionSeconds: { distribution: 'uniform', min: 9, max: 1 } }],
      },
      'groups[0].reactionSeconds: min is above max',
    ],
    [
      {
        name: 'f',
        devices: 1,
        groups: [{ name: 'a', reactionSeconds: { distribution: 'zipf' } }],
      },
      'groups[0].reactionSeconds.distribution: expected uniform',
    ],
    [
      {
        name: 'f',
        devices: 1,
        groups: [{ name: 'a' }],
        bad: [{ behaviour: 'fail', where: { group: 'b' } }],
      },
      'bad[0].where.group: no group `b`: expected a',
    ],
    [
      { name: 'f', devices: 1, groups: [{ name: 'a', share: 0 }] },
      'groups: expected a share above 0',
    ],
    ['text', 'expected name, description'],
  ])('tells what is wrong with %j', (value, message) => {
    const read = readFleet(value)
    const told = read.ok ? [] : read.mistakes.map((it) => `${it.at}: ${it.message}`)
    expect(told.join('\n')).toContain(message)
  })
})
