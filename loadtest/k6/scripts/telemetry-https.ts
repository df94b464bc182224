/**
 * Telemetry over HTTPS: `POST /topics/TOPIC?qos=1` (`TOPIC`, default `telemetry/THING`) at the
 * profile's rate.
 */
import type { Options } from 'k6/options'
import { HttpsDevice } from './parts/https-device.ts'
import { profileNamed } from './parts/profile.ts'
import { settingsIn } from './parts/settings.ts'
import { arrivals, thresholds } from './parts/shape.ts'
import { telemetry } from './parts/telemetry.ts'

const settings = settingsIn(__ENV, 'https')
const profile = profileNamed(settings.profile, settings)
const device = new HttpsDevice(settings)

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  scenarios: { publish: arrivals(profile, 'publish') },
  thresholds: thresholds(profile),
}

/** Publishes one message. */
export function publish(): void {
  device.ask({
    method: 'POST',
    path: `/topics/${encodeURIComponent(settings.topic)}?qos=1`,
    body: telemetry(Date.now(), settings.payloadBytes),
    name: 'Publish',
  })
}
