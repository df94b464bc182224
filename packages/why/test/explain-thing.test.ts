/** Each reason for which a device is not updating, from plain facts. */
import { expect, it } from 'vitest'
import {
  explainThing,
  reasonCodes,
  type ExecutionFact,
  type JobFact,
  type ReasonCode,
  type ThingFacts,
  type TimelineFact,
} from '../src/index.ts'

const minute = (minutes: number): number =>
  Date.parse('2026-11-29T14:00:00Z') + Math.round(minutes * 60_000)

const execution = (more: Partial<ExecutionFact> = {}): ExecutionFact => ({
  jobId: 'A',
  executionNumber: 1,
  status: 'QUEUED',
  queuedAtMs: minute(0),
  startedAtMs: undefined,
  lastUpdatedAtMs: minute(0),
  ...more,
})
const running = (more: Partial<ExecutionFact> = {}): ExecutionFact =>
  execution({ status: 'IN_PROGRESS', startedAtMs: minute(1), lastUpdatedAtMs: minute(2), ...more })
const job = (more: Partial<JobFact> = {}): JobFact => ({
  jobId: 'A',
  status: 'IN_PROGRESS',
  targetSelection: 'SNAPSHOT',
  createdAtMs: minute(0),
  startsAtMs: undefined,
  isWindowed: false,
  nextWindowMs: undefined,
  reasonCode: undefined,
  rollout: undefined,
  ...more,
})
const ended = (status: string, more: Partial<ExecutionFact> = {}): ExecutionFact =>
  execution({ status, startedAtMs: minute(1), lastUpdatedAtMs: minute(2), ...more })
const notified = (atMs: number, receivers: number): TimelineFact => ({
  atMs,
  kind: 'notified',
  jobId: 'A',
  receivers,
})
const request = (atMs: number, code: string | null, more: object = {}): TimelineFact => ({
  atMs,
  kind: 'request',
  operation: 'UpdateJobExecution',
  protocol: 'mqtt',
  jobId: 'A',
  code,
  ...more,
})
const denied = (atMs: number, action: string, resource: string): TimelineFact => ({
  atMs,
  kind: 'denied',
  action,
  resource,
  reason: 'AUTHORIZATION_FAILED',
  summary: 'no statement allows it',
  hint: 'add it to statement 1',
  decisionId: '17',
})

/** A connected lamp with an active certificate and nothing to do, three minutes past two. */
const lamp: ThingFacts = {
  thingName: 'lamp',
  nowMs: minute(3),
  exists: true,
  certificates: [{ certificateId: 'c', status: 'ACTIVE' }],
  connectivity: { connected: true, sinceMs: minute(-60), disconnectReason: undefined },
  permissions: [],
  pending: [],
  ended: [],
  jobs: [job()],
  timeline: [],
  notRead: [],
}
const never = { connected: false, sinceMs: undefined, disconnectReason: undefined }
const connect = { action: 'iot:Connect', resource: 'client/lamp' }
const publish = { action: 'iot:Publish', resource: 'topic/start-next' }
const waits = { pending: [execution()] }

type Case = readonly [
  reason: ReasonCode,
  title: string,
  facts: Partial<ThingFacts>,
  sentence: RegExp,
  more?: { readonly jobId?: string },
]

const cases: readonly Case[] = [
  ['NO_SUCH_THING', 'an unknown name', { exists: false }, /^there is no thing lamp$/],
  [
    'NO_CERTIFICATE',
    'nothing is attached',
    { ...waits, certificates: [], connectivity: never },
    /has no certificate, so it cannot connect; job A waits for it$/,
  ],
  [
    'CERTIFICATE_NOT_ACTIVE',
    'the only one is revoked',
    { ...waits, certificates: [{ certificateId: 'c', status: 'REVOKED' }], connectivity: never },
    /certificate of lamp is REVOKED/,
  ],
  ['NEVER_CONNECTED', 'nobody saw it', { ...waits, connectivity: never }, /has never connected/],
  [
    'NEVER_CONNECTED',
    'one of two certificates is active',
    {
      ...waits,
      connectivity: never,
      certificates: [
        { certificateId: 'b', status: 'INACTIVE' },
        { certificateId: 'c', status: 'ACTIVE' },
      ],
    },
    /has never connected/,
  ],
  [
    'DENIED',
    'its CONNECT was refused',
    { ...waits, connectivity: never, timeline: [denied(minute(1), 'iot:Connect', 'client/lamp')] },
    /was denied iot:Connect on client\/lamp at 2026-11-29 14:01:00Z .*no statement allows it$/,
  ],
  [
    'DENIED',
    'a publish elsewhere costs the connection again and again',
    {
      ...waits,
      connectivity: { connected: false, sinceMs: minute(2), disconnectReason: 'AUTH_ERROR' },
      timeline: [
        { atMs: minute(1), kind: 'connected' },
        denied(minute(2) - 3, 'iot:Publish', 'topic/elsewhere'),
        { atMs: minute(2), kind: 'disconnected', reason: 'AUTH_ERROR' },
      ],
    },
    /was denied iot:Publish on topic\/elsewhere/,
  ],
  [
    'DENIED',
    'its policies let it not connect',
    {
      ...waits,
      connectivity: never,
      permissions: [{ ...connect, isAllowed: false, deniedBy: [] }],
      timeline: undefined,
    },
    /policies of lamp deny iot:Connect on client\/lamp \(no statement allows it\)/,
  ],
  [
    'DENIED',
    'connected, and may not ask for its jobs',
    {
      ...waits,
      permissions: [
        { ...connect, isAllowed: true, deniedBy: [] },
        { ...publish, isAllowed: false, deniedBy: ['stop'] },
      ],
    },
    /deny iot:Publish on topic\/start-next \(policy stop denies it\)/,
  ],
  [
    'DENIED',
    'over HTTPS',
    {
      ...waits,
      connectivity: never,
      timeline: [
        request(minute(1), null, { protocol: 'https', operation: 'GetPendingJobExecutions' }),
        denied(minute(2), 'iotjobsdata:StartNextPendingJobExecution', 'thing/lamp'),
      ],
    },
    /denied iotjobsdata:StartNextPendingJobExecution/,
  ],
  [
    'OFFLINE',
    'its keep alive ran out, which the log of refusals tells too',
    {
      ...waits,
      connectivity: {
        connected: false,
        sinceMs: minute(1),
        disconnectReason: 'MQTT_KEEP_ALIVE_TIMEOUT',
      },
      timeline: [denied(minute(1), 'DISCONNECT', 'lamp')],
    },
    /is offline since 2026-11-29 14:01:00Z \(MQTT_KEEP_ALIVE_TIMEOUT\); job A waits for it$/,
  ],
  [
    'OFFLINE',
    'it left more than an hour ago',
    { ...waits, connectivity: never, ended: [ended('SUCCEEDED', { jobId: 'Z' })] },
    /offline for more than an hour/,
  ],
  [
    'NOT_SUBSCRIBED',
    'the notification reached nobody',
    { ...waits, timeline: [notified(minute(1), 0)] },
    /subscribed to none of its jobs topics: the notification of job A at 2026-11-29 14:01:00Z/,
  ],
  [
    'NOTIFIED_BUT_SILENT',
    'it was told, and said nothing',
    { ...waits, timeline: [notified(minute(1), 1)] },
    /has asked for nothing since$/,
  ],
  [
    'NOTIFIED_BUT_SILENT',
    'it asks for its list, and starts nothing',
    { ...waits, timeline: [notified(minute(1), 1), request(minute(2), null, { jobId: null })] },
    /asked last at 2026-11-29 14:02:00Z, and did not start it$/,
  ],
  [
    'VERSION_CONFLICT',
    'its report has a stale version',
    { pending: [running()], timeline: [request(minute(2), 'VersionMismatch')] },
    /with a version that is not the current one/,
  ],
  [
    'REQUESTS_REJECTED',
    'its report is none',
    { pending: [running()], timeline: [request(minute(2), 'InvalidRequest')] },
    /last UpdateJobExecution of lamp for job A at .* was rejected with InvalidRequest$/,
  ],
  [
    'WAITING_FOR_START',
    'the job is scheduled',
    { jobs: [job({ status: 'SCHEDULED', startsAtMs: minute(60) })] },
    /starts at 2026-11-29 15:00:00Z$/,
  ],
  [
    'WAITING_FOR_WINDOW',
    'no window has opened yet',
    { jobs: [job({ status: 'SCHEDULED', isWindowed: true, nextWindowMs: minute(720) })] },
    /maintenance windows only, and the next one opens at 2026-11-30 02:00:00Z$/,
  ],
  [
    'WAITING_FOR_WINDOW',
    'its execution is hidden until then',
    { ...waits, jobs: [job({ status: 'SCHEDULED', isWindowed: true })] },
    /no window is to come$/,
  ],
  [
    'WAITING_FOR_ROLLOUT',
    'the rollout has not come to it',
    { jobs: [job({ rollout: { phase: 'rolling', ratePerMinute: 20, waiting: 90 } })] },
    /has not come to lamp yet: 90 targets wait, 20 a minute are let through$/,
  ],
  [
    'WAITING_FOR_ROLLOUT',
    'on AWS, which tells no rate',
    { timeline: undefined },
    /has not come to lamp yet$/,
  ],
  [
    'BEHIND_ANOTHER_EXECUTION',
    'the job that is asked about comes later',
    { pending: [running(), execution({ jobId: 'B' })] },
    /^job A is in progress on lamp since 2026-11-29 14:01:00Z, and job B comes after it$/,
    { jobId: 'B' },
  ],
  [
    'BEHIND_ANOTHER_EXECUTION',
    'the device says nothing of the one that it works on',
    { pending: [running(), execution({ jobId: 'B' })], nowMs: minute(30) },
    /other jobs wait behind it: its last report was at 2026-11-29 14:02:00Z$/,
  ],
  ['TIMED_OUT', 'no report in time', { ended: [ended('TIMED_OUT')] }, /^job A timed out on lamp/],
  [
    'FAILED',
    'with what the device said',
    { ended: [ended('FAILED', { details: { reason: 'disk full' } })] },
    /^job A failed on lamp at 2026-11-29 14:02:00Z \(reason: disk full\)$/,
  ],
  ['REJECTED', 'the device', { ended: [ended('REJECTED')] }, /was rejected by lamp/],
  ['CANCELED', 'an operator', { ended: [ended('CANCELED')] }, /was canceled on lamp/],
  ['REMOVED', 'it left the targets', { ended: [ended('REMOVED')] }, /was taken from lamp/],
  [
    'JOINED_TOO_LATE',
    'the snapshot was taken before',
    { jobs: [job({ rollout: { phase: 'done', ratePerMinute: 20, waiting: 0 } })] },
    /took its targets when it was created, before lamp was one of them$/,
  ],
  [
    'JOB_STOPPED',
    'the job was aborted first',
    { jobs: [job({ status: 'CANCELED', reasonCode: 'ABORT_THRESHOLD_REACHED' })] },
    /^job A is CANCELED \(ABORT_THRESHOLD_REACHED\) and never came to lamp$/,
  ],
  ['NOTHING_TARGETS_IT', 'no job at all', { jobs: [] }, /^no job targets lamp/],
  [
    'NOTHING_TARGETS_IT',
    'not the job that is asked about',
    { ended: [ended('SUCCEEDED')] },
    /^job C does not target lamp/,
    { jobId: 'C' },
  ],
  [
    'UPDATING',
    'with a timer',
    { pending: [running({ timesOutAtMs: minute(9) })], timeline: [request(minute(2), null)] },
    /at work on job A since 2026-11-29 14:01:00Z.*; it times out at 2026-11-29 14:09:00Z$/,
  ],
  ['UP_TO_DATE', 'its last job went well', { ended: [ended('SUCCEEDED')] }, /did its last job A/],
  [
    'UNKNOWN',
    'nobody may look',
    { jobs: [], notRead: ['ListJobs: AccessDeniedException'] },
    /^nobody can tell whether a job targets lamp: ListJobs: AccessDeniedException$/,
  ],
  [
    'UNKNOWN',
    'connectivity is not indexed on AWS',
    { ...waits, connectivity: undefined, timeline: undefined },
    /nobody can tell whether the thing is connected$/,
  ],
]

it.for(cases)('%s: %s', ([reason, , facts, sentence, { jobId } = {}]) => {
  const verdict = explainThing({ ...lamp, ...facts }, jobId)
  expect(verdict).toMatchObject({ thingName: 'lamp', reason })
  expect(verdict.sentence).toMatch(sentence)
  expect(verdict.isWell).toBe(reason === 'UPDATING' || reason === 'UP_TO_DATE')
  expect(verdict.nextStep === '').toBe(verdict.isWell)
})

it('every reason has a case', () => {
  expect([...new Set(cases.map(([reason]) => reason))].sort()).toEqual([...reasonCodes].sort())
})

it('a denial that was mended is not the reason any more', () => {
  const timeline = [denied(minute(1), 'iot:Publish', 'topic/jobs/x'), request(minute(2), null)]
  expect(explainThing({ ...lamp, pending: [running()], timeline }).reason).toBe('UPDATING')
})

it('of two jobs that have not come, the one that will come is told, not the one that never will', () => {
  const late = job({
    jobId: 'L',
    rollout: { phase: 'done', ratePerMinute: 1, waiting: 0 },
    createdAtMs: minute(1),
  })
  const verdict = explainThing({ ...lamp, jobs: [late, job()] })
  expect([verdict.reason, verdict.jobId]).toEqual(['WAITING_FOR_ROLLOUT', 'A'])
})

it('a denial names the decision that explains it', () => {
  const timeline = [denied(minute(1), 'iot:Connect', 'client/lamp')]
  const verdict = explainThing({ ...lamp, ...waits, connectivity: never, timeline })
  expect(verdict).toMatchObject({ decisionId: '17', nextStep: 'add it to statement 1', jobId: 'A' })
})
