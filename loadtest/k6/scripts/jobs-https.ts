/**
 * Jobs over HTTPS: the device asks for its next job at the profile's pace, as a polling device does,
 * and one virtual user beside takes every job that there is from QUEUED to SUCCEEDED.
 */
import { sleep } from 'k6'
import type { Options } from 'k6/options'
import { HttpsDevice } from './parts/https-device.ts'
import { executionIn, jobsPath } from './parts/jobs-protocol.ts'
import { profileNamed } from './parts/profile.ts'
import { lifecycle } from './parts/record.ts'
import { settingsIn } from './parts/settings.ts'
import { arrivals, beside, thresholds } from './parts/shape.ts'

const settings = settingsIn(__ENV, 'https')
const profile = profileNamed(settings.profile, settings)
const device = new HttpsDevice(settings)
const next = jobsPath(settings.thingName, '$next')
/** Between two looks for work when there is none. */
const IDLE_SECONDS = 0.25

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  scenarios: { ask: arrivals(profile, 'ask'), work: beside(profile, 'work') },
  thresholds: thresholds(profile),
}

/** Asks for the next job. */
export function ask(): void {
  device.ask({ method: 'GET', path: next, name: 'DescribeJobExecution' })
}

/** Starts the next job and reports that it succeeded. */
export function work(): void {
  const beganAtMs = Date.now()
  const started = device.ask({
    method: 'PUT',
    path: next,
    body: '{}',
    name: 'StartNextPendingJobExecution',
  })
  const execution = executionIn(started.body)
  if (execution === undefined) {
    sleep(IDLE_SECONDS)
    return
  }
  const finished = device.ask({
    method: 'POST',
    path: jobsPath(settings.thingName, execution.jobId),
    body: JSON.stringify({ status: 'SUCCEEDED', expectedVersion: execution.versionNumber }),
    name: 'UpdateJobExecution',
  })
  if (finished.status === 200) lifecycle(Date.now() - beganAtMs)
}
