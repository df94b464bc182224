/**
 * k6: one device on the jobs data plane over HTTPS with mutual TLS. It asks for its next job at the
 * profile's rate, and one virtual user finishes whatever jobs there are.
 *
 * k6 has one client certificate for a whole run, so a run is one device; `run.ts` starts one run
 * for each of many devices.
 */
import { check } from 'k6'
import http, { type RefinedResponse } from 'k6/http'
import { Counter, Rate, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { environmentIn } from './src/environment.ts'
import { executionIn, jobsPath } from './src/jobs-protocol.ts'
import { profileNamed } from './src/profile.ts'
import { arrivalScenario, runSeconds, thresholds } from './src/stages.ts'
import { metricNames, shardSummary, trendStats, type SummaryData } from './src/summary.ts'

const environment = environmentIn(__ENV, 8443)
const profile = profileNamed(environment.profile)
const origin = `https://${environment.host}:${environment.port}`
const { thingName } = environment

const answerMs = new Trend(metricNames.answerMs, true)
const failed = new Rate(metricNames.failed)
const completed = new Counter(metricNames.completed)

export const options: Options = {
  tlsAuth: [{ cert: open(environment.certificateFile), key: open(environment.keyFile) }],
  scenarios: {
    ask: arrivalScenario(profile, 'ask'),
    work: {
      executor: 'constant-vus',
      vus: 1,
      duration: `${runSeconds(profile)}s`,
      exec: 'work',
    },
  },
  thresholds: thresholds(profile, metricNames),
  summaryTrendStats: trendStats,
}

/** Asks for the next job, as a polling device does. */
export function ask(): void {
  record(http.get(`${origin}${jobsPath(thingName, '$next')}?includeJobDocument=true`))
}

/** Starts the next job and reports success; waits a second where there is none. */
export function work(): Promise<void> | undefined {
  const started = record(http.put(`${origin}${jobsPath(thingName, '$next')}`, '{}'))
  const execution = executionIn(started.body)
  if (!execution) return new Promise((resolve) => setTimeout(() => resolve(), 1000))
  const finished = record(
    http.post(
      `${origin}${jobsPath(thingName, execution.jobId)}`,
      JSON.stringify({ status: 'SUCCEEDED', expectedVersion: execution.versionNumber }),
    ),
  )
  if (finished.status === 200) completed.add(1)
  return undefined
}

function record(answer: RefinedResponse<'text'>): RefinedResponse<'text'> {
  answerMs.add(answer.timings.duration)
  failed.add(!check(answer, { 'is 200': ({ status }) => status === 200 }))
  return answer
}

/** Leaves the figures for `run.ts`. */
export function handleSummary(data: SummaryData): Record<string, string> {
  return { [environment.summaryFile]: JSON.stringify(shardSummary(thingName, data)) }
}
