/**
 * Telemetry over MQTT: one held connection publishes with QoS 1 at the profile's pace to a topic
 * (`TOPIC`, default `telemetry/THING`) that it has subscribed to, so that each message comes back.
 */
import type { Options } from 'k6/options'
import { holdConnection } from './parts/held-connection.ts'
import { numberIn } from './parts/jobs-protocol.ts'
import { profileNamed } from './parts/profile.ts'
import { delivered } from './parts/record.ts'
import { settingsIn } from './parts/settings.ts'
import { heldConnection, thresholds } from './parts/shape.ts'
import { telemetry } from './parts/telemetry.ts'

const settings = settingsIn(__ENV, 'mqtt')
const profile = profileNamed(settings.profile, settings)
const { topic, payloadBytes } = settings

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  scenarios: { device: heldConnection(profile) },
  thresholds: thresholds(profile),
}

/** Connects, publishes for as long as the profile says, and leaves. */
export default function device(): void {
  let [acknowledged, back] = [0, 0]
  holdConnection(settings, profile, {
    topics: [topic],
    request: ({ device, requests }) => {
      const name = requests.begin()
      void device.publish(topic, telemetry(Date.now(), payloadBytes), 1).then((isAcknowledged) => {
        if (isAcknowledged) acknowledged += 1
        requests.end(name, isAcknowledged ? 'allowed' : 'errors')
      })
    },
    received: (_held, _topic, body) => {
      const sentAtMs = numberIn(body, 'sentAtMs')
      if (sentAtMs === undefined) return
      back += 1
      delivered(Date.now() - sentAtMs)
    },
    isDone: () => back >= acknowledged,
  })
}
