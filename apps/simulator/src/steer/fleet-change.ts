/**
 * What can be changed about a fleet while it runs.
 */
import type { JobBehaviour, Network, Scenario } from '../scenario/scenario.ts'
import { parseScenario, ScenarioError } from '../scenario/load-scenario.ts'

/** A change; what is left out stays as it is. */
export interface FleetChange {
  /** Replaces the behaviours, which are dealt out anew by their shares. */
  readonly behaviours?: readonly JobBehaviour[]
  /** This share of the devices fails its executions from now on, and no other device does. */
  readonly failureRate?: number
  /** Replaces the network; null takes all of its faults away. */
  readonly network?: Network | null
  /** Only devices of these groups of the scenario. */
  readonly groups?: readonly string[]
}

const MEMBERS = ['behaviours', 'failureRate', 'network', 'groups'] as const

/**
 * Reads a change, checked as a scenario is.
 *
 * @param scenario - whose groups it may name
 * @returns what was expected, as a message, where it cannot be carried out
 */
export function readFleetChange(body: unknown, scenario: Scenario): FleetChange | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return `expected an object with ${MEMBERS.join(', ')}`
  }
  for (const name of Object.keys(body)) {
    if (!MEMBERS.some((known) => known === name)) {
      return `unknown member \`${name}\`: expected ${MEMBERS.join(', ')}`
    }
  }
  const { behaviours, failureRate, network, groups } = body as Record<string, unknown>
  if (behaviours === undefined && failureRate === undefined && network === undefined) {
    return 'expected behaviours, failureRate or network'
  }
  const isShare = typeof failureRate === 'number' && failureRate >= 0 && failureRate <= 1
  if (failureRate !== undefined && !isShare) return 'expected failureRate from 0 to 1'
  const names = scenario.groups.map(({ name }) => name)
  if (groups !== undefined && !areNames(groups, names)) {
    return `expected groups of the scenario: ${names.join(', ')}`
  }
  return mistake(behaviours, network) ?? body
}

function areNames(groups: unknown, names: readonly string[]): boolean {
  return Array.isArray(groups) && groups.length > 0 && groups.every((name) => names.includes(name))
}

/** Behaviours and networks are those of scenarios: a scenario of them alone says what is wrong. */
function mistake(behaviours: unknown, network: unknown): string | undefined {
  const group = {
    name: 'changed',
    ...(behaviours !== undefined && { jobs: behaviours }),
    ...(network !== undefined && network !== null && { network }),
  }
  try {
    const { groups } = parseScenario(JSON.stringify({ name: 'change', groups: [group] }), 'change')
    const forgetful = groups[0]?.jobs?.some((one) => one.behaviour === 'forget-step-timer')
    return forgetful === true
      ? 'forget-step-timer cannot be changed to: a device sets its step timer when it starts'
      : undefined
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause
    return cause.mistakes
      .map(({ message }) =>
        message.replaceAll('groups.0.jobs', 'behaviours').replaceAll('groups.0.', ''),
      )
      .join('; ')
  }
}
