import { describe, expect, it } from 'vitest'
import { timeline } from '../src/things/timeline.ts'

const at = (second: number): Date => new Date(second * 1000)

describe('timeline of a thing', () => {
  it('lays executions on one axis, newest first, the unfinished up to now', () => {
    const bars = timeline(
      [
        {
          jobId: 'first',
          jobExecutionSummary: {
            status: 'SUCCEEDED',
            queuedAt: at(0),
            startedAt: at(10),
            lastUpdatedAt: at(50),
          },
        },
        {
          jobId: 'second',
          jobExecutionSummary: { status: 'QUEUED', queuedAt: at(60), lastUpdatedAt: at(60) },
        },
      ],
      at(100).getTime(),
    )
    expect(bars.map(({ jobId, from, worked, to }) => ({ jobId, from, worked, to }))).toEqual([
      { jobId: 'second', from: 0.6, worked: 1, to: 1 },
      { jobId: 'first', from: 0, worked: 0.1, to: 0.5 },
    ])
    expect(bars[0]?.endedAt).toBeUndefined()
  })

  it('leaves out what has no queue time', () => {
    expect(timeline([{ jobId: 'x', jobExecutionSummary: {} }], 0)).toEqual([])
  })
})
