/**
 * Jobs over MQTT: one held connection asks for its next job at the profile's pace, and takes every job
 * that it hears of, by notification or answer, from QUEUED to SUCCEEDED.
 *
 * Requests go with QoS 0, since the service's own answer tells how they went; the answers come without
 * a subscription.
 */
import type { Options } from 'k6/options'
import { holdConnection, type Held } from './parts/held-connection.ts'
import { clientTokenIn, executionIn, isThrottle, jobsTopic } from './parts/jobs-protocol.ts'
import { profileNamed } from './parts/profile.ts'
import { lifecycle } from './parts/record.ts'
import { settingsIn } from './parts/settings.ts'
import { heldConnection, thresholds } from './parts/shape.ts'

const settings = settingsIn(__ENV, 'mqtt')
const profile = profileNamed(settings.profile, settings)
const { thingName } = settings

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  scenarios: { device: heldConnection(profile) },
  thresholds: thresholds(profile),
}

/** Connects, works for as long as the profile says, and leaves. */
export default function device(): void {
  /** When each job was first heard of; one is heard of by notification and by asking. */
  const heardAtMs = new Map<string, number>()
  holdConnection(settings, profile, {
    topics: [jobsTopic(thingName, 'notify-next')],
    request: (held) => ask(held, '$next/get', {}),
    received: (held, topic, body) => {
      settle(held, topic, body)
      hear(held, topic, body, heardAtMs)
    },
  })
}

function ask({ device, requests }: Held, request: string, body: object): void {
  const clientToken = requests.begin()
  const message = JSON.stringify({ ...body, clientToken })
  void device.publish(jobsTopic(thingName, request), message, 0).then((hasLeft) => {
    if (!hasLeft) requests.end(clientToken, 'errors')
  })
}

function settle({ requests }: Held, topic: string, body: string): void {
  const clientToken = clientTokenIn(body)
  if (clientToken === undefined) return
  if (topic.endsWith('/accepted')) requests.end(clientToken, 'allowed')
  else requests.end(clientToken, isThrottle(body) ? 'throttled' : 'errors')
}

/** Heard of, a job is started; started, it succeeds. */
function hear(held: Held, topic: string, body: string, heardAtMs: Map<string, number>): void {
  const request = topic.slice(jobsTopic(thingName, '').length)
  const finished = /^([^/]+)\/update\/accepted$/.exec(request)?.[1]
  const sinceMs = finished === undefined ? undefined : heardAtMs.get(finished)
  if (sinceMs !== undefined) lifecycle(Date.now() - sinceMs)
  const execution = executionIn(body)
  if (execution === undefined) return
  const { jobId, versionNumber } = execution
  if (request === 'start-next/accepted') {
    ask(held, `${jobId}/update`, { status: 'SUCCEEDED', expectedVersion: versionNumber })
  } else if (/^(notify-next|\$next\/get\/accepted)$/.test(request) && !heardAtMs.has(jobId)) {
    heardAtMs.set(jobId, Date.now())
    ask(held, 'start-next', {})
  }
}
