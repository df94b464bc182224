/** What a rehearsal tells: seeds decide it, the rules bound it, and figures are counted as they say. */
import { describe, expect, it } from 'vitest'
import { MemoryJobsState, type JobExecution, type JobsState } from '@muster/jobs'
import fc from 'fast-check'
import { rehearseBadFirmware } from '../src/bad-firmware.ts'
import {
  CompactState,
  countedNames,
  DeviceModels,
  doneSecondsAt,
  listedNames,
  parseGoal,
  rehearsal,
  rehearseOnce,
  rehearseSeed,
  SENSITIVITY_ROWS,
  sensitivity,
  suggestJob,
  type Fleet,
  type JobInput,
  type Plan,
} from '../src/index.ts'
import { MIXED_FLEET, TEN_JOBS } from './agreement/ten-jobs.ts'

const startMs = Date.UTC(2026, 10, 30, 9)
const DAY = 86_400

function plan(more: Partial<Plan> = {}, devices = 300): Plan {
  return {
    job: { jobExecutionsRolloutConfig: { maximumPerMinute: 50 } },
    fleet: { ...MIXED_FLEET, devices },
    names: countedNames(devices),
    startMs,
    lookSeconds: DAY,
    ...more,
  }
}

function seeds(of: Plan, count: number): ReturnType<typeof rehearsal> {
  const found = Array.from({ length: count }, (_, place) => {
    const outcome = rehearseSeed(of, place + 1)
    if (!outcome.ok) throw new Error(outcome.error.message)
    return outcome.value
  })
  return rehearsal(of.names.count, found)
}

const quick: Fleet = {
  name: 'quick',
  devices: 300,
  groups: [
    { name: 'all', reactionSeconds: 0, jobs: [{ behaviour: 'succeed', durationSeconds: 30 }] },
  ],
}

describe('a rehearsal', () => {
  it('is the same for the same seed and another for another one', () => {
    expect(rehearseSeed(plan(), 3)).toEqual(rehearseSeed(plan(), 3))
    expect(rehearseSeed(plan(), 3)).not.toEqual(rehearseSeed(plan(), 4))
  })

  it('is done when the rate says so: 50 a minute, 30 s each (jobs J92)', () => {
    const { abortProbability, done, succeeded } = seeds(plan({ fleet: quick }), 2)
    expect(done[50].median).toBe(2 * 60 + 30)
    expect(done[100].median).toBe(5 * 60 + 30)
    expect(succeeded.least).toBe(300)
    expect(abortProbability).toBe(0)
  })

  it('counts nothing as done that was cancelled', () => {
    const aborting = plan({
      fleet: { ...quick, bad: [{ behaviour: 'fail', durationSeconds: 30 }] },
      job: {
        jobExecutionsRolloutConfig: { maximumPerMinute: 10 },
        abortConfig: {
          criteriaList: [
            {
              failureType: 'FAILED',
              action: 'CANCEL',
              thresholdPercentage: 10,
              minNumberOfExecutedThings: 20,
            },
          ],
        },
      },
    })
    const outcome = seeds(aborting, 2)
    expect(outcome.abortProbability).toBe(1)
    expect(outcome.done[50].median).toBeUndefined()
    // Ten at 0:00 and ten at 1:00 fail by 1:30, and nobody has begun since.
    expect(outcome.badFirmware.touched).toMatchObject({ least: 20, most: 20 })
  })

  it('knows a device that never comes back, and one that hangs', () => {
    const fleet: Fleet = {
      ...quick,
      groups: [
        { name: 'lost', share: 1, lostShare: 1 },
        { name: 'stuck', share: 1, jobs: [{ behaviour: 'hang' }] },
      ],
    }
    const job = { timeoutConfig: { inProgressTimeoutInMinutes: 5 } }
    const outcome = rehearseOnce({
      job,
      names: countedNames(300),
      models: new DeviceModels(fleet, [], 1, startMs),
      startMs,
      endMs: startMs + DAY * 1000,
    })
    if (!outcome.ok) throw new Error(outcome.error.message)
    const { QUEUED, TIMED_OUT } = outcome.value.executions
    expect(QUEUED + TIMED_OUT).toBe(300)
    expect(outcome.value.touched).toBe(TIMED_OUT)
    expect(outcome.value.status).toBe('IN_PROGRESS')
  })

  it('refuses what AWS refuses, in its words', () => {
    const schedulingConfig = { startTime: '2026-11-30T09:10' }
    const outcome = rehearseSeed(plan({ job: { schedulingConfig } }), 1)
    expect(outcome.ok ? undefined : outcome.error.message).toBe(
      'startTime must be 30 minutes ahead',
    )
  })

  it('finds its worst seed: the one that is done last', () => {
    const fleet: Fleet = {
      ...quick,
      groups: [
        {
          name: 'all',
          jobs: [
            { behaviour: 'succeed', durationSeconds: { distribution: 'exponential', mean: 900 } },
          ],
        },
      ],
    }
    const outcome = seeds(plan({ fleet }), 5)
    const worst = outcome.seeds.find(({ seed }) => seed === outcome.worstSeed)
    const times = outcome.seeds.map(({ asIs }) => doneSecondsAt(asIs, 99) ?? Infinity)
    expect(new Set(times).size).toBeGreaterThan(1)
    expect(worst && doneSecondsAt(worst.asIs, 99)).toBe(Math.max(...times))
  })

  it('lets a bad share fail by attribute, and nobody else', () => {
    const fleet: Fleet = {
      ...quick,
      groups: [{ name: 'all', attributes: { hardware: { a: 0.5, b: 0.5 } } }],
      bad: [{ where: { attributes: { hardware: 'b' } }, behaviour: 'fail' }],
    }
    const [one] = seeds(plan({ fleet }), 1).seeds
    const succeeded = one?.asIs.succeeded ?? 0
    expect(succeeded).toBeGreaterThan(100)
    expect(succeeded).toBeLessThan(200)
    expect((one?.asIs.harmed ?? 0) + succeeded).toBe(300)
  })
})

describe('a bad firmware', () => {
  it('gets as far in the devices that are imagined for it as in the whole fleet', () => {
    for (const thresholdPercentage of [3, 30, 90]) {
      const devices = 9000
      const job = {
        jobExecutionsRolloutConfig: { maximumPerMinute: 700 },
        abortConfig: {
          criteriaList: [
            {
              failureType: 'FAILED',
              action: 'CANCEL',
              thresholdPercentage,
              minNumberOfExecutedThings: 50,
            } as const,
          ],
        },
      }
      const some = plan({ job, fleet: { ...MIXED_FLEET, devices } }, devices)
      const outcome = rehearseBadFirmware(some, 5)
      const models = new DeviceModels(some.fleet, [{ behaviour: 'fail' }], 5, startMs)
      const endMs = startMs + DAY * 1000
      const whole = rehearseOnce({
        job,
        names: some.names,
        models,
        startMs,
        endMs,
        untilAbort: true,
      })
      if (!outcome.ok || !whole.ok) throw new Error('refused')
      const { abortedSeconds, harmed, touched } = whole.value
      expect(outcome.value).toMatchObject({ harmed, touched })
      expect(outcome.value.abortedSeconds).toBe(abortedSeconds)
    }
  })
})

describe('what if the job were another', () => {
  const fleet: Fleet = {
    ...quick,
    devices: 2000,
    badFirmware: [{ behaviour: 'fail', durationSeconds: 90 }],
  }
  const job = {
    jobExecutionsRolloutConfig: { maximumPerMinute: 200 },
    abortConfig: {
      criteriaList: [
        {
          failureType: 'ALL',
          action: 'CANCEL',
          thresholdPercentage: 10,
          minNumberOfExecutedThings: 100,
        },
      ],
    },
  } as const satisfies JobInput
  const some = plan({ fleet, job }, 2000)

  it('touches more devices with a higher rate, and is done earlier', () => {
    const rows = [...sensitivity(some, [1], [1])].flatMap((row) => (row.ok ? [row.value] : []))
    expect(rows).toHaveLength(SENSITIVITY_ROWS)
    const rates = rows.filter(({ parameter }) => parameter === 'rate')
    const touched = rates.map((row) => row.touched.median ?? 0)
    expect(touched).toEqual([...touched].sort((left, right) => left - right))
    expect(touched[0]).toBeLessThan(touched[3] ?? 0)
    const done = rates.map(({ asIs }) => asIs?.done99Seconds.median ?? 0)
    expect(done).toEqual([...done].sort((left, right) => right - left))
  })

  it('suggests a job that meets the goal, and says when none of them does', () => {
    const terms = parseGoal('touched <= 150, done <= 2h')
    const { suggestion } = suggestJob(some, terms, [1, 2], 5)
    if (suggestion === undefined) throw new Error('none found')
    for (const seed of [1, 2]) {
      const outcome = rehearseSeed({ ...some, job: suggestion.job }, seed)
      if (!outcome.ok) throw new Error(outcome.error.message)
      expect(outcome.value.badFirmware.touched).toBeLessThanOrEqual(150)
      expect(doneSecondsAt(outcome.value.asIs, 99)).toBeLessThanOrEqual(7200)
    }
    const none = suggestJob(some, parseGoal('touched <= 1'), [1], 5)
    expect(none.suggestion).toBeUndefined()
    expect(none.tried).toBeGreaterThan(100)
  })
})

describe('the compact state', () => {
  it('tells the rules what a plain state tells them, whatever the job', () => {
    const arbitrary = fc.record({
      job: fc.constantFrom(...TEN_JOBS),
      devices: fc.integer({ min: 1, max: 40 }),
      seed: fc.integer(),
    })
    fc.assert(
      fc.property(arbitrary, ({ devices, job, seed }) => {
        const ran = [
          new CompactState('rehearsal', countedNames(devices)),
          new MemoryJobsState(),
        ].map((state) => run(state, job, devices, seed))
        expect(ran[0]).toEqual(ran[1])
      }),
      { numRuns: 40 },
    )
  })

  it('finds a thing of a registry by its name, and no other', () => {
    const names = listedNames(['lamp', 'door', 'lamp'])
    expect([names.count, names.nameOf(0), names.placeOf('lamp'), names.placeOf('x')]).toEqual([
      2,
      'door',
      1,
      -1,
    ])
    const counted = countedNames(3)
    expect(
      ['device-0000003', 'device-0000004', 'device-000000x', 'device-3'].map(counted.placeOf),
    ).toEqual([2, -1, -1, -1])
  })
})

function run(
  state: JobsState,
  agreed: (typeof TEN_JOBS)[number],
  devices: number,
  seed: number,
): object {
  const names = countedNames(devices)
  const outcome = rehearseOnce({
    job: agreed.job(startMs, devices),
    names,
    models: new DeviceModels({ ...MIXED_FLEET, devices }, agreed.bad ?? [], seed, startMs),
    startMs,
    endMs: startMs + agreed.lookSeconds * 1000,
    state,
  })
  const executions: JobExecution[] = []
  let after: { thingName: string; executionNumber: number } | undefined
  do {
    const page = state.executionsOfJob('rehearsal', undefined, after, 7)
    executions.push(...page.executions)
    after = page.next
  } while (after !== undefined)
  return { outcome, executions }
}
