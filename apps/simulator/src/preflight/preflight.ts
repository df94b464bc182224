/**
 * What can be known to fail before a thing is made: found here, not after onboarding thousands.
 */
import type { DeviceEndpoint } from '@muster/device'
import { type Endpoints, IdentityFolder } from '@muster/fleet'
import { probeEndpoint, requireVirtualClock, resolvedEndpoint } from '@muster/fleet/control'
import { loadBehaviours } from '../behaviour/load-behaviour.ts'
import type { RunPlan } from '../run-plan.ts'

/** How many broken certificates a message names. */
const NAMED_MAX = 5
/** One handshake takes less, whatever a fleet is given. */
const ANSWER_SECONDS_MAX = 10

/** What is looked at. */
export interface PreflightOptions {
  readonly plan: RunPlan
  readonly endpoints: Endpoints
  readonly certificateFolder: string | undefined
  /** Gives up on connections after so long. */
  readonly stallSeconds: number
}

/**
 * Checks certificates, the clock and the modules that the scenario needs, and the data endpoint.
 *
 * @returns the data endpoint, resolved once, so that thousands of connections do not ask again
 * @throws Error naming what is wrong and what was expected
 */
export async function preflight(options: PreflightOptions): Promise<DeviceEndpoint> {
  const { plan, endpoints, certificateFolder } = options
  if (certificateFolder !== undefined) checkCertificates(plan, certificateFolder)
  if (plan.scenario.phases?.some((phase) => 'advanceClock' in phase) === true) {
    await requireVirtualClock(endpoints, `scenario \`${plan.scenario.name}\` moves the clock`)
  }
  await loadBehaviours(plan.scenario)
  const endpoint = await resolvedEndpoint(endpoints)
  const { mqttPort = 8883, httpsPort = 8443 } = endpoint
  const { overMqtt, overHttps } = protocols(plan)
  const seconds = Math.min(ANSWER_SECONDS_MAX, options.stallSeconds)
  if (overMqtt) await probeEndpoint(endpoint, mqttPort, 'MQTT', seconds)
  if (overHttps) await probeEndpoint(endpoint, httpsPort, 'HTTPS', seconds)
  return endpoint
}

function checkCertificates({ mine }: RunPlan, folder: string): void {
  const identities = new IdentityFolder(folder)
  const problems = mine.flatMap(({ thingName }) => identities.problem(thingName) ?? [])
  if (problems.length === 0) return
  const more = problems.length > NAMED_MAX ? [`and ${problems.length - NAMED_MAX} more`] : []
  throw new Error(
    [
      `${problems.length} of ${mine.length} certificates cannot be used:`,
      ...problems.slice(0, NAMED_MAX),
      ...more,
    ].join('\n'),
  )
}

/** Which listeners the run will need. */
function protocols({ mine, scenario }: RunPlan): { overMqtt: boolean; overHttps: boolean } {
  const connects = (scenario.phases ?? [{ connect: {} }]).some((phase) => 'connect' in phase)
  const groups = new Set(mine.map(({ group }) => group))
  let overMqtt = false
  let overHttps = false
  for (const { connection, provisioning } of groups) {
    const isHttps = connection?.protocol === 'https'
    overHttps ||= connects && isHttps
    overMqtt ||= (connects && !isHttps) || provisioning === 'claim'
  }
  return { overMqtt, overHttps }
}
