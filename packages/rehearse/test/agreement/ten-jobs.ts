/** Ten jobs that roll out, abort, time out, retry and are scheduled in ten ways, and a fleet for them. */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import type { BadDevices, Fleet } from '../../src/fleet.ts'

/** A job with what it is rehearsed on. */
export interface AgreedJob {
  readonly name: string
  /** @param startMs - when it is created */
  readonly job: (startMs: number, devices: number) => Partial<CreateJobRequest>
  readonly bad?: readonly BadDevices[]
  readonly lookSeconds: number
}

const HOUR = 3600
const DAY = 24 * HOUR

/** Devices of every kind: always there, by the hour, in sessions, lost, failing, refusing, hanging. */
export const MIXED_FLEET: Fleet = {
  name: 'mixed',
  devices: 1000,
  groups: [
    {
      name: 'steady',
      share: 0.5,
      reactionSeconds: { distribution: 'uniform', min: 0, max: 3 },
      jobs: [
        {
          behaviour: 'succeed',
          share: 0.85,
          durationSeconds: { distribution: 'lognormal', median: 200, sigma: 0.6 },
        },
        { behaviour: 'fail', share: 0.08, durationSeconds: 30 },
        { behaviour: 'reject', share: 0.02, durationSeconds: 1 },
        { behaviour: 'hang', share: 0.05 },
      ],
    },
    {
      name: 'by-the-hour',
      share: 0.3,
      utcOffsetHours: -5,
      online: { byHour: Array.from({ length: 24 }, (_, hour) => (hour % 12) / 12), habit: 0.4 },
      lostShare: 0.05,
      jobs: [
        {
          behaviour: 'succeed',
          share: 0.9,
          durationSeconds: { distribution: 'exponential', mean: 1200 },
        },
        { behaviour: 'hang', share: 0.1 },
      ],
    },
    {
      name: 'in-sessions',
      share: 0.2,
      online: {
        onlineSeconds: { distribution: 'exponential', mean: 1800 },
        offlineSeconds: { distribution: 'exponential', mean: 5400 },
      },
    },
  ],
}

const always = { targetSelection: 'CONTINUOUS' } as const

function ahead(startMs: number, minutes: number): string {
  return new Date(startMs + minutes * 60_000).toISOString().slice(0, 16)
}

function abortAt(
  failureType: 'ALL' | 'FAILED' | 'TIMED_OUT',
  thresholdPercentage: number,
  minNumberOfExecutedThings: number,
): NonNullable<CreateJobRequest['abortConfig']> {
  return {
    criteriaList: [
      { failureType, action: 'CANCEL', thresholdPercentage, minNumberOfExecutedThings },
    ],
  }
}

/** The ten. */
export const TEN_JOBS: readonly AgreedJob[] = [
  {
    name: 'a constant rate',
    job: (_, devices) => ({
      jobExecutionsRolloutConfig: { maximumPerMinute: Math.max(1, Math.ceil(devices / 30)) },
    }),
    lookSeconds: DAY,
  },
  {
    name: 'a rate that rises with things notified',
    job: (_, devices) => ({
      jobExecutionsRolloutConfig: {
        maximumPerMinute: 200,
        exponentialRate: {
          baseRatePerMinute: 2,
          incrementFactor: 1.5,
          rateIncreaseCriteria: { numberOfNotifiedThings: Math.max(1, Math.ceil(devices / 20)) },
        },
      },
    }),
    lookSeconds: DAY,
  },
  {
    name: 'a rate that rises with things that succeeded',
    job: (_, devices) => ({
      jobExecutionsRolloutConfig: {
        maximumPerMinute: 500,
        exponentialRate: {
          baseRatePerMinute: 3,
          incrementFactor: 2,
          rateIncreaseCriteria: { numberOfSucceededThings: Math.max(1, Math.ceil(devices / 25)) },
        },
      },
    }),
    lookSeconds: DAY,
  },
  {
    name: 'an abort by failures',
    job: (_, devices) => ({
      jobExecutionsRolloutConfig: { maximumPerMinute: Math.max(1, Math.ceil(devices / 40)) },
      abortConfig: abortAt('FAILED', 25, Math.max(1, Math.ceil(devices / 20))),
    }),
    bad: [{ share: 0.4, behaviour: 'fail', durationSeconds: 90 }],
    lookSeconds: DAY,
  },
  {
    name: 'an abort by timeouts among retries',
    job: (_, devices) => ({
      jobExecutionsRolloutConfig: { maximumPerMinute: Math.max(1, Math.ceil(devices / 60)) },
      abortConfig: abortAt('ALL', 20, Math.max(1, Math.ceil(devices / 20))),
      timeoutConfig: { inProgressTimeoutInMinutes: 7 },
      jobExecutionsRetryConfig: {
        criteriaList: [{ failureType: 'TIMED_OUT', numberOfRetries: 1 }],
      },
    }),
    bad: [{ share: 0.5, behaviour: 'hang' }],
    lookSeconds: DAY,
  },
  {
    name: 'timeouts that are retried',
    job: () => ({
      timeoutConfig: { inProgressTimeoutInMinutes: 10 },
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'ALL', numberOfRetries: 3 }] },
    }),
    lookSeconds: 2 * DAY,
  },
  {
    name: 'two kinds of retries',
    job: () => ({
      timeoutConfig: { inProgressTimeoutInMinutes: 20 },
      jobExecutionsRetryConfig: {
        criteriaList: [
          { failureType: 'FAILED', numberOfRetries: 2 },
          { failureType: 'TIMED_OUT', numberOfRetries: 1 },
        ],
      },
    }),
    bad: [{ where: { group: 'steady' }, share: 0.3, behaviour: 'fail', durationSeconds: 15 }],
    lookSeconds: DAY,
  },
  {
    name: 'a start and an end that cancels',
    job: (startMs, devices) => ({
      jobExecutionsRolloutConfig: { maximumPerMinute: Math.max(1, Math.ceil(devices / 120)) },
      schedulingConfig: {
        startTime: ahead(startMs, 45),
        endTime: ahead(startMs, 150),
        endBehavior: 'CANCEL',
      },
    }),
    lookSeconds: DAY,
  },
  {
    name: 'a continuous job with an end by force',
    job: (startMs) => ({
      ...always,
      schedulingConfig: {
        startTime: ahead(startMs, 35),
        endTime: ahead(startMs, 240),
        endBehavior: 'FORCE_CANCEL',
      },
      timeoutConfig: { inProgressTimeoutInMinutes: 60 },
    }),
    lookSeconds: DAY,
  },
  {
    name: 'maintenance windows with retries',
    job: (startMs, devices) => {
      const opens = new Date(startMs + 60 * 60_000)
      return {
        ...always,
        jobExecutionsRolloutConfig: { maximumPerMinute: Math.max(1, Math.ceil(devices / 90)) },
        timeoutConfig: { inProgressTimeoutInMinutes: 45 },
        jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'ALL', numberOfRetries: 2 }] },
        schedulingConfig: {
          startTime: ahead(startMs, 31),
          maintenanceWindows: [
            {
              startTime: `cron(${opens.getUTCMinutes()} ${opens.getUTCHours()} * * ? *)`,
              durationInMinutes: 60,
            },
          ],
        },
      }
    },
    lookSeconds: 3 * DAY,
  },
]
