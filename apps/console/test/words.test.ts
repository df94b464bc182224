import { describe, expect, it } from 'vitest'
import { errorInWords } from '../src/aws/aws-error.ts'
import { loadedPage, pageFailure } from '../src/frame/page-failure.ts'
import { cancelExecutionRefusal, cancelJobRefusal, retryAdvice } from '../src/jobs/advice.ts'
import { configurationInWords } from '../src/jobs/configuration-in-words.ts'
import { isMoving } from '../src/jobs/job-queries.ts'
import { duration } from '../src/ui/relative-time.ts'
import { statusCounts, terminalCount, totalCount } from '../src/jobs/status.ts'

describe('a page that cannot be shown', () => {
  it('by a fault of its own says so, and not that a server is away', () => {
    const words = errorInWords(pageFailure(new TypeError('x is undefined')))
    expect(words).toEqual({ name: 'Error', message: 'x is undefined' })
  })

  it('whose code does not come says what to do', async () => {
    const load = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'))
    const thrown: unknown = await loadedPage(load).catch((cause: unknown) => cause)
    expect(errorInWords(pageFailure(thrown)).message).toContain('load the console anew')
  })
})

describe('what the console says', () => {
  it('jobs J80, J81, J84: names the reason when a button cannot be used', () => {
    expect(cancelJobRefusal({ status: 'IN_PROGRESS' })).toBeUndefined()
    expect(cancelJobRefusal({ status: 'COMPLETED' })).toContain('completed')
    expect(cancelJobRefusal({ status: 'CANCELED' })).toBeUndefined()
    expect(cancelJobRefusal({ status: 'CANCELED', forceCanceled: true })).toContain('already')
    expect(cancelExecutionRefusal('QUEUED')).toBeUndefined()
    expect(cancelExecutionRefusal('TIMED_OUT')).toContain('timed out')
  })

  it('jobs J62: tells how a failure is retried, or that it is not', () => {
    const failed = statusCounts({ numberOfFailedThings: 2 })
    expect(retryAdvice({}, statusCounts({})).refusal).toBe('No execution has failed.')
    expect(retryAdvice({}, failed).hint).toContain('does not retry')
    const criteriaList = [{ failureType: 'FAILED' as const, numberOfRetries: 3 }]
    expect(retryAdvice({ jobExecutionsRetryConfig: { criteriaList } }, failed).hint).toContain(
      'failed up to 3 times',
    )
  })

  it('jobs J87: counts executions by status', () => {
    const counts = statusCounts({ numberOfSucceededThings: 3, numberOfQueuedThings: 2 })
    expect(totalCount(counts)).toBe(5)
    expect(terminalCount(counts)).toBe(3)
  })

  it('jobs J80: a cancelled job stands still once its stragglers are done', () => {
    expect(isMoving({ status: 'IN_PROGRESS' })).toBe(true)
    expect(isMoving({ status: 'COMPLETED' })).toBe(false)
    expect(isMoving({ status: 'CANCELED' })).toBe(false)
    const jobProcessDetails = { numberOfInProgressThings: 1 }
    expect(isMoving({ status: 'CANCELED', jobProcessDetails })).toBe(true)
  })

  it('puts a configuration into sentences', () => {
    const words = Object.fromEntries(
      configurationInWords({
        targetSelection: 'SNAPSHOT',
        jobExecutionsRolloutConfig: {
          exponentialRate: {
            baseRatePerMinute: 10,
            incrementFactor: 2,
            rateIncreaseCriteria: { numberOfSucceededThings: 20 },
          },
        },
        abortConfig: {
          criteriaList: [
            {
              action: 'CANCEL',
              failureType: 'ALL',
              thresholdPercentage: 10,
              minNumberOfExecutedThings: 5,
            },
          ],
        },
        schedulingConfig: { startTime: '2026-12-01T10:00', endBehavior: 'STOP_ROLLOUT' },
      }),
    )
    expect(words).toEqual({
      Selection: 'snapshot: the things targeted at creation',
      Rollout: 'from 10 things a minute, × 2 with every 20 succeeded',
      Abort: 'when 10 % are not successful after at least 5 executed',
      Timeout: 'none',
      Retry: 'none',
      Schedule: 'from 2026-12-01T10:00 then stop rollout',
    })
  })

  it('explains errors', () => {
    const fault = (name: string, httpStatusCode: number): Error =>
      Object.assign(new Error('words'), { name, $metadata: { httpStatusCode } })
    expect(errorInWords(fault('InvalidSignatureException', 403)).hint).toContain('clock')
    expect(errorInWords(fault('Whatever', 501)).name).toBe('NotImplemented')
    expect(errorInWords(new TypeError('Failed to fetch')).name).toBe('NetworkError')
    expect(errorInWords('odd').message).toBe('odd')
  })

  it.each([
    [850, '850 ms'],
    [12_400, '12.4 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('says %i ms as %s', (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words)
  })
})
