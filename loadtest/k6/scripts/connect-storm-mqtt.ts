/**
 * Connections over MQTT: one iteration is TCP, TLS with the device's certificate, CONNECT, CONNACK and
 * DISCONNECT. The policy binds the client ID, so a device has one connection at a time: one that
 * cannot begin at its time, because the last is not over, counts in `dropped_iterations`.
 */
import type { Options } from 'k6/options'
import { MqttDevice } from './parts/mqtt-device.ts'
import { profileNamed } from './parts/profile.ts'
import { sent, settled } from './parts/record.ts'
import { settingsIn } from './parts/settings.ts'
import { arrivals, thresholds } from './parts/shape.ts'

const settings = settingsIn(__ENV, 'mqtt')
/** A handshake costs as much as some ten requests. */
const profile = profileNamed(settings.profile, { ...settings, weight: 0.1 })

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  scenarios: { come: arrivals(profile, 'come', 1) },
  thresholds: thresholds(profile),
}

/** Connects and leaves. */
export function come(): void {
  const device = new MqttDevice(settings)
  const beganAtMs = Date.now()
  sent()
  const isConnected = device.connect({
    opened: () => {
      settled('allowed', Date.now() - beganAtMs)
      device.leave()
    },
  })
  if (!isConnected) settled('errors', 0)
}
