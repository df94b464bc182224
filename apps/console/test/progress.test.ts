/** What the page of a job makes of its counters. */
import type { AbortCriteria } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { abortStandings, failureRates } from '../src/jobs/abort-standing.ts'
import { notConnected } from '../src/jobs/not-connected.ts'
import {
  countsAt,
  createdIn,
  finishedIn,
  pointOf,
  progressColumns,
  watched,
  type Progress,
  type ProgressPoint,
} from '../src/jobs/progress.ts'
import { rolloutMarks } from '../src/jobs/rollout-marks.ts'
import { estimatedEnd, executionMs, pace } from '../src/jobs/rollout-pace.ts'
import { statusCounts } from '../src/jobs/status.ts'
import { connectedOf, coverageQueries, targetOf } from '../src/jobs/targets.ts'

const minute = 60_000

function point(atMs: number, counts: Partial<ProgressPoint> = {}): ProgressPoint {
  return { ...pointOf(statusCounts({}), atMs), ...counts }
}

function progress(points: readonly ProgressPoint[], more: Partial<Progress> = {}): Progress {
  return {
    jobId: 'reboot',
    status: 'IN_PROGRESS',
    nowMs: points.at(-1)?.atMs ?? 0,
    createdAtMs: 0,
    recordedSinceMs: 0,
    points,
    ...more,
  }
}

describe('the course of a job', () => {
  it('counts what a point says, and the other way round', () => {
    const counts = statusCounts({ numberOfQueuedThings: 3, numberOfTimedOutThings: 2 })
    const made = pointOf(counts, 7)
    expect(made).toMatchObject({ atMs: 7, queued: 3, timedOut: 2 })
    expect(countsAt(made)).toEqual(counts)
    expect(createdIn(made)).toBe(5)
    expect(finishedIn(made)).toBe(2)
  })

  it('becomes columns for the chart, the last of them the counters', () => {
    const last = point(2000, { queued: 1, inProgress: 2, succeeded: 3, failed: 1, rejected: 1 })
    expect(progressColumns([point(1000), last])).toEqual({
      atSeconds: [1, 2],
      created: [0, 8],
      inProgress: [0, 2],
      succeeded: [0, 3],
      unsuccessful: [0, 2],
    })
  })

  it('is watched by the page where nobody keeps it, in at most 500 points, the last kept', () => {
    let seen: Progress | undefined
    for (let at = 0; at < 1300; at += 1) {
      const counts = statusCounts({ numberOfSucceededThings: at })
      seen = watched(seen, { jobId: 'reboot', status: 'IN_PROGRESS' }, counts, at * 1000)
      expect(seen.points.length).toBeLessThanOrEqual(501)
    }
    expect(seen?.points.at(-1)).toMatchObject({ atMs: 1_299_000, succeeded: 1299 })
    expect(seen?.recordedSinceMs).toBe(0)
    const times = seen?.points.map(({ atMs }) => atMs) ?? []
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})

describe('the pace of a job', () => {
  it('is that of the last minute of the server’s clock', () => {
    const points = [
      point(0, { queued: 10 }),
      point(minute, { queued: 20, succeeded: 10 }),
      point(2 * minute, { queued: 10, succeeded: 50 }),
    ]
    expect(pace(progress(points))).toEqual({ createdPerMinute: 30, finishedPerMinute: 40 })
    expect(pace(progress([point(0)]))).toBeUndefined()
  })

  it('tells how long executions take by how far finishing is behind creating', () => {
    const points = [
      point(0, { queued: 10 }),
      point(30_000, { queued: 10, succeeded: 10 }),
      point(50_000, { queued: 0, succeeded: 20 }),
    ]
    expect(executionMs(progress(points))).toBe(20_000)
    expect(executionMs(progress([point(0, { queued: 5 })]))).toBeUndefined()
  })

  it('estimates the end by the rollout’s own rules', () => {
    const points = [point(0, { queued: 10 }), point(30_000, { succeeded: 10 })]
    const job = { jobExecutionsRolloutConfig: { maximumPerMinute: 10 } }
    const running = progress(points, {
      rollout: {
        phase: 'rolling',
        ratePerMinute: 10,
        minuteStartedAtMs: 0,
        createdInMinute: 10,
        created: 10,
        waiting: 25,
      },
    })
    // Created at 1, 2 and 3 minutes; each takes half a minute.
    expect(estimatedEnd(job, running, 25)).toEqual({ name: 'at', atMs: 3 * minute + 30_000 })
  })

  it('looks ten minutes back where nothing finished in the last one, and no further', () => {
    const points = [
      point(0, { inProgress: 20 }),
      point(2 * minute, { inProgress: 10, succeeded: 10 }),
    ]
    const quiet = (nowMs: number): Progress =>
      progress([...points, point(nowMs, { inProgress: 10, succeeded: 10 })])
    expect(estimatedEnd({}, quiet(5 * minute), 0)).toEqual({ name: 'at', atMs: 10 * minute })
    expect(estimatedEnd({}, quiet(20 * minute), 0).name).toBe('unknown')
  })

  it.each([
    [{ status: 'SCHEDULED' }, 5, 'waits for its start or window'],
    [{ status: 'IN_PROGRESS' }, undefined, 'how many targets'],
    [{ status: 'IN_PROGRESS' }, 5, 'nothing has finished'],
  ])('says why it cannot: %o', (more, waiting, why) => {
    const estimate = estimatedEnd({}, progress([point(0, { queued: 5 })], more), waiting)
    expect(estimate).toMatchObject({ name: 'unknown', why: expect.stringContaining(why) })
  })

  it('says that a job is done, and that a continuous one goes on', () => {
    const done = progress([point(0, { succeeded: 5 })])
    expect(estimatedEnd({}, done, 0)).toEqual({ name: 'done' })
    expect(estimatedEnd({ targetSelection: 'CONTINUOUS' }, done, 0).name).toBe('unknown')
  })
})

describe('abort thresholds', () => {
  const failed: AbortCriteria = {
    action: 'CANCEL',
    failureType: 'FAILED',
    thresholdPercentage: 20,
    minNumberOfExecutedThings: 10,
  }

  it('jobs J96, J97: stand against the share of what has completed', () => {
    const counts = countsAt(point(0, { failed: 1, succeeded: 2, canceled: 1, queued: 9 }))
    expect(abortStandings([failed, { ...failed, failureType: 'ALL' }], counts)).toEqual([
      expect.objectContaining({ kind: 'failed', ratePercent: 25, completed: 4, counts: false }),
      expect.objectContaining({ kind: 'not successful', matching: 1 }),
    ])
  })

  it('are drawn against the rate at each point, none before anything completed', () => {
    const points = [point(0, { queued: 4 }), point(1, { failed: 1, succeeded: 3 })]
    expect(failureRates(failed, points)).toEqual([0, 25])
  })
})

describe('marks of the curve', () => {
  const rollout = {
    phase: 'rolling' as const,
    ratePerMinute: 10,
    minuteStartedAtMs: 3 * minute,
    createdInMinute: 0,
    created: 30,
    waiting: 10,
  }

  it('are the rollout minutes, back from the one that runs', () => {
    const points = [point(10_000), point(3.5 * minute)]
    const { minutesMs } = rolloutMarks(progress(points, { rollout }), {})
    expect(minutesMs).toEqual([1, 2, 3].map((count) => count * minute))
  })

  it('stay few in a long rollout', () => {
    const long = { ...rollout, minuteStartedAtMs: 600 * minute }
    const points = [point(0), point(600 * minute)]
    const { minutesMs } = rolloutMarks(progress(points, { rollout: long }), {})
    expect(minutesMs.length).toBeLessThanOrEqual(41)
    expect(minutesMs.at(-1)).toBe(600 * minute)
  })

  it('are the window that is open', () => {
    const points = [point(0), point(100 * minute)]
    const { windows } = rolloutMarks(progress(points, { windowUntilMs: 120 * minute }), {
      schedulingConfig: {
        maintenanceWindows: [{ startTime: 'cron(0 3 * * ? *)', durationInMinutes: 60 }],
      },
    })
    expect(windows).toEqual([{ fromMs: 60 * minute, untilMs: 120 * minute }])
  })
})

describe('targets', () => {
  it('are read from their ARNs', () => {
    expect(targetOf('arn:aws:iot:us-east-1:1:thinggroup/pumps')).toEqual({
      kind: 'thinggroup',
      name: 'pumps',
    })
    expect(targetOf('arn:aws:iot:us-east-1:1:thing/a:b')).toEqual({ kind: 'thing', name: 'a:b' })
  })

  it('are found by queries of at most twelve terms', () => {
    const things = Array.from({ length: 15 }, (_, index) => `t${index}`)
    const queries = coverageQueries(things, ['pumps'])
    expect(queries).toHaveLength(2)
    expect(queries[0]).toMatch(/^thingGroupNames:"pumps" OR thingName:"t0" OR /)
    for (const query of queries) {
      expect(connectedOf(query).match(/:/g)?.length).toBeLessThanOrEqual(12)
    }
  })

  it('that are not connected are told while the job is open', () => {
    const coverage = { things: 3, connected: 0, mayOverlap: false }
    expect(notConnected({ status: 'IN_PROGRESS' }, coverage)).toContain('None of the 3 things')
    expect(notConnected({ status: 'COMPLETED' }, coverage)).toBeUndefined()
    expect(notConnected({ status: 'IN_PROGRESS' }, { ...coverage, connected: 1 })).toBeUndefined()
    expect(
      notConnected({ status: 'IN_PROGRESS' }, { ...coverage, connected: undefined }),
    ).toBeUndefined()
    expect(notConnected({ status: 'IN_PROGRESS' }, { ...coverage, things: 0 })).toContain(
      'no thing',
    )
  })
})
