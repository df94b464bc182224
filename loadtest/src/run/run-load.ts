/** Load on a server, scenario by scenario. */
import {
  controlPlane,
  onboard,
  probeEndpoint,
  resolvedEndpoint,
  serverUsage,
} from '@muster/fleet/control'
import { targetText, type RunOrigin } from '@muster/fleet/report'
import { createHash } from 'node:crypto'
import manifest from '../../package.json' with { type: 'json' }
import type { LoadPath, ScenarioFacts } from '../catalogue.ts'
import { loadPolicy } from '../scenarios/load-policy.ts'
import { deviceName, devicePlans } from './device-plans.ts'
import type { LoadOptions } from './load-options.ts'
import type { LoadSample } from './load-sample.ts'
import type { LoadSummary } from './load-summary.ts'
import { LatencyHistogram } from '@muster/fleet'
import { Tally } from '../tally.ts'
import { runScenario, type SharedRun } from './scenario-run.ts'

/** What a command leaves, in the order of its scenarios. */
export interface LoadResult {
  readonly runs: readonly LoadSummary[]
  /** The history of each. */
  readonly samples: readonly (readonly LoadSample[])[]
  readonly origin: RunOrigin
}

/** How long an answer to the first handshake may take. */
const PROBE_SECONDS = 10
const ROOT_GROUP = 'load'

/**
 * Onboards the devices that are needed and runs the scenarios, one after the other. A server that is
 * gone, or an interruption, ends all of it.
 *
 * @throws Error for what keeps it from beginning: no server, an operator who may not
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { credentials, endpoints, outageSeconds = 5, region, scenarios, signal } = options
  const patience = { outageSeconds, signal, log: options.log }
  const beganAtMs = Date.now()
  const client = controlPlane({ endpoints, region, credentials, patience })
  try {
    const endpoint = await resolvedEndpoint(endpoints)
    const { overHttps, overMqtt } = needed(scenarios, options.path, options.profile.devices)
    if (overMqtt) await probeEndpoint(endpoint, endpoint.mqttPort ?? 8883, 'MQTT', PROBE_SECONDS)
    if (overHttps) await probeEndpoint(endpoint, endpoint.httpsPort ?? 8443, 'HTTPS', PROBE_SECONDS)
    const { devices: count } = options.profile
    const takePart = overMqtt || overHttps ? count : 0
    const fleet = await onboardFleet(options, client, endpoint, takePart)
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials()
    const before = await serverUsage(endpoints)
    let shared: SharedRun = {
      options,
      client,
      endpoint,
      fleet,
      operator: {
        controlUrl: endpoints.controlUrl,
        region,
        credentials: { accessKeyId, secretAccessKey, sessionToken },
      },
      principalsBefore: before?.principals,
      messagesSent: 0,
    }
    const runs: LoadSummary[] = []
    const samples: (readonly LoadSample[])[] = []
    for (const scenario of scenarios) {
      const result = await runScenario(shared, scenario)
      runs.push(result.summary)
      samples.push(result.samples)
      shared = { ...shared, messagesSent: result.messages }
      if (result.summary.endedEarly !== undefined) break
    }
    const origin = {
      target: targetText(endpoints, region),
      beganAt: new Date(beganAtMs).toISOString(),
      seconds: Math.round((Date.now() - beganAtMs) / 10) / 100,
      version: manifest.version,
    }
    return { runs, samples, origin }
  } finally {
    client.destroy()
  }
}

/** Which listeners the scenarios need. */
function needed(
  scenarios: readonly ScenarioFacts[],
  path: LoadPath | 'both',
  devices: number,
): { readonly overMqtt: boolean; readonly overHttps: boolean } {
  const plans = scenarios.flatMap((scenario) => devicePlans(scenario, path, devices))
  const overHttps = plans.some(({ protocol }) => protocol === 'https')
  return { overHttps, overMqtt: plans.some(({ protocol }) => protocol !== 'https') }
}

async function onboardFleet(
  options: LoadOptions,
  client: ReturnType<typeof controlPlane>,
  endpoint: Awaited<ReturnType<typeof resolvedEndpoint>>,
  count: number,
): ReturnType<typeof onboard> {
  const { identityFolder, onProgress, signal } = options
  const begin = performance.now()
  const told = (onboarded: number): void =>
    onProgress?.({
      scenario: options.scenarios.length > 1 ? 'all' : (options.scenarios[0]?.name ?? ''),
      phase: 'onboarding',
      elapsedSeconds: (performance.now() - begin) / 1000,
      totalSeconds: undefined,
      devices: count,
      onboarded,
      connected: 0,
      sums: new Tally().sums,
      kinds: {},
      recent: new LatencyHistogram(),
      cpuSeconds: 0,
      loopLagMs: 0,
      server: undefined,
    })
  // A policy that is there keeps its document: another document is another policy.
  const digest = createHash('sha256').update(loadPolicy(NOWHERE)).digest('hex').slice(0, 8)
  return await onboard({
    client,
    endpoint,
    folder: identityFolder,
    prefix: 'load',
    rootGroup: ROOT_GROUP,
    groups: [],
    policyName: `load-device-${digest}`,
    policyDocument: loadPolicy,
    devices: Array.from({ length: count }, (_, index) => ({
      thingName: deviceName(index),
      attributes: {},
      thingGroup: ROOT_GROUP,
    })),
    onProgress: told,
    ...(signal === undefined ? {} : { signal }),
  })
}

const NOWHERE = { partition: '', region: '', accountId: '' }
