/**
 * k6 with grafana/xk6-mqtt: one device on the jobs data plane over MQTT with mutual TLS. It asks
 * for its next job at the profile's rate and measures request to reply; the jobs it hears of it
 * finishes.
 *
 * A policy that binds the client ID to the thing allows one connection a device, and k6 has one
 * client certificate for a whole run, so a run is one virtual user; `run.ts` starts many.
 */
import { Counter, Rate, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { Client } from 'k6/x/mqtt'
import { environmentIn } from './src/environment.ts'
import { clientTokenIn, executionIn, jobsTopic } from './src/jobs-protocol.ts'
import { profileNamed } from './src/profile.ts'
import { rateAt, runSeconds, thresholds } from './src/stages.ts'
import { metricNames, shardSummary, trendStats, type SummaryData } from './src/summary.ts'

const environment = environmentIn(__ENV, 8883)
const profile = profileNamed(environment.profile)
const { thingName } = environment
/** A request without a reply for so long has failed. */
const replyTimeoutMs = 10_000
const graceSeconds = 15

const answerMs = new Trend(metricNames.answerMs, true)
const failed = new Rate(metricNames.failed)
const completed = new Counter(metricNames.completed)

export const options: Options = {
  tlsAuth: [{ cert: open(environment.certificateFile), key: open(environment.keyFile) }],
  scenarios: {
    device: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 1,
      maxDuration: `${runSeconds(profile) + graceSeconds}s`,
    },
  },
  thresholds: thresholds(profile, metricNames),
  summaryTrendStats: trendStats,
}

/** Connects, works for as long as the profile says, and leaves. */
export default function device(): void {
  const client = new Client({ client_id: thingName })
  const waiting = new Map<string, number>()
  /** Jobs that an update was sent for: one is heard of by notification and by asking. */
  const begun = new Set<string>()
  let sent = 0
  const ask = (request: string, body: object): void => {
    const clientToken = `${request}-${sent++}`
    waiting.set(clientToken, Date.now())
    client.publish(jobsTopic(thingName, request), JSON.stringify({ ...body, clientToken }), {
      qos: 1,
    })
  }

  client.on('connect', () => {
    client.subscribe(jobsTopic(thingName, 'notify-next'), { qos: 1 })
    const beganAt = Date.now()
    const next = (): void => {
      failOverdue(waiting)
      const elapsedSeconds = (Date.now() - beganAt) / 1000
      if (elapsedSeconds >= runSeconds(profile)) {
        leave(client, waiting)
        return
      }
      ask('$next/get', {})
      setTimeout(next, 1000 / rateAt(profile, elapsedSeconds))
    }
    next()
  })
  client.on('message', (topic: string, payload: ArrayBuffer) => {
    const body = String.fromCharCode(...new Uint8Array(payload))
    const token = clientTokenIn(body)
    if (token !== undefined) settle(waiting, token, topic.endsWith('/accepted'))
    if (topic.endsWith('/update/accepted')) completed.add(1)
    const execution = /\/(notify-next|\$next\/get\/accepted)$/.test(topic)
      ? executionIn(body)
      : undefined
    if (execution === undefined || begun.has(execution.jobId)) return
    begun.add(execution.jobId)
    ask(`${execution.jobId}/update`, { status: 'SUCCEEDED' })
  })
  client.on('error', () => failed.add(true))
  client.connect(`mqtts://${environment.host}:${environment.port}`, { clean_session: true })
}

function settle(waiting: Map<string, number>, token: string, accepted: boolean): void {
  const sentAtMs = waiting.get(token)
  if (sentAtMs === undefined) return
  waiting.delete(token)
  answerMs.add(Date.now() - sentAtMs)
  failed.add(!accepted)
}

function failOverdue(waiting: Map<string, number>): void {
  for (const [token, sentAtMs] of waiting) {
    if (Date.now() - sentAtMs < replyTimeoutMs) continue
    waiting.delete(token)
    failed.add(true)
  }
}

/** Gives the last replies a second; what is open then has failed. */
function leave(client: Client, waiting: Map<string, number>): void {
  setTimeout(() => {
    for (const token of waiting.keys()) {
      waiting.delete(token)
      failed.add(true)
    }
    client.end()
  }, 1000)
}

/** Leaves the figures for `run.ts`. */
export function handleSummary(data: SummaryData): Record<string, string> {
  return { [environment.summaryFile]: JSON.stringify(shardSummary(thingName, data)) }
}
