/**
 * Connections over HTTPS: every request comes on a connection of its own, so one iteration is TCP, TLS
 * with the device's certificate, a call and its answer.
 */
import type { Options } from 'k6/options'
import { HttpsDevice } from './parts/https-device.ts'
import { jobsPath } from './parts/jobs-protocol.ts'
import { profileNamed } from './parts/profile.ts'
import { settingsIn } from './parts/settings.ts'
import { arrivals, thresholds } from './parts/shape.ts'

const settings = settingsIn(__ENV, 'https')
/** A handshake costs as much as some ten requests. */
const profile = profileNamed(settings.profile, { ...settings, weight: 0.1 })
const device = new HttpsDevice(settings)

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  noConnectionReuse: true,
  scenarios: { come: arrivals(profile, 'come') },
  thresholds: thresholds(profile),
}

/** Connects, asks for the pending jobs, leaves. */
export function come(): void {
  device.ask({
    method: 'GET',
    path: jobsPath(settings.thingName),
    name: 'GetPendingJobExecutions',
  })
}
