/**
 * Authorization over HTTPS: calls on the device's own jobs, which its policy allows, and on another
 * thing's, which it forbids, at a share (`DENIED_SHARE`, default 0.2).
 */
import { scenario } from 'k6/execution'
import type { Options } from 'k6/options'
import { HttpsDevice } from './parts/https-device.ts'
import { jobsPath } from './parts/jobs-protocol.ts'
import { decisionAt } from './parts/outcome.ts'
import { profileNamed } from './parts/profile.ts'
import { settingsIn } from './parts/settings.ts'
import { arrivals, thresholds } from './parts/shape.ts'

const settings = settingsIn(__ENV, 'https')
const profile = profileNamed(settings.profile, settings)
const device = new HttpsDevice(settings)

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  scenarios: { decide: arrivals(profile, 'decide') },
  thresholds: thresholds(profile),
}

/** Asks for one decision. */
export function decide(): void {
  const { forbidden, ordinal } = decisionAt(scenario.iterationInTest, settings.deniedShare)
  const thingName = forbidden ? settings.otherThing : settings.thingName
  const pending = ordinal % 2 === 0
  device.ask({
    method: 'GET',
    path: pending ? jobsPath(thingName) : jobsPath(thingName, '$next'),
    name: pending ? 'GetPendingJobExecutions' : 'DescribeJobExecution',
    forbidden,
  })
}
