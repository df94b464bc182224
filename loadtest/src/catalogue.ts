/** The scenarios there are, and how hard each is pushed. */

/** Which way devices speak. */
export type LoadPath = 'mqtt' | 'https'

/** What is known of a scenario without running it. */
export interface ScenarioFacts {
  readonly name: string
  readonly description: string
  /** Ways that it can go; none: no device takes part. */
  readonly paths: readonly LoadPath[]
  /** What arrives, for rates: `requests`. */
  readonly unit: string
  /** Its rate as a part of the profile's: some arrivals cost more than others. */
  readonly weight: number
  /** Whether arrivals come all devices at once. */
  readonly isStorm?: boolean
  /** Whether the run makes what arrives, and not the workers. */
  readonly isDirected?: boolean
  /** Whether workers sign requests of the control plane. */
  readonly signs?: boolean
  /** Devices that speak MQTT even where the path is HTTPS, the first ones. */
  readonly mqttDevices?: number
}

const BOTH: readonly LoadPath[] = ['mqtt', 'https']

/** All scenarios, in the order of `all`. */
export const scenarios: readonly ScenarioFacts[] = [
  {
    name: 'connect-storm',
    description: 'devices connect, all the time: TLS handshake, CONNECT, iot:Connect',
    paths: BOTH,
    unit: 'connects',
    weight: 0.2,
  },
  {
    name: 'reconnect-storm',
    description: 'all devices are cut at once and come back at once',
    paths: BOTH,
    unit: 'reconnects',
    weight: 0.2,
    isStorm: true,
  },
  {
    name: 'authorize',
    description: 'decisions: publish, subscribe, receive, jobs; allowed ones and denied ones',
    paths: BOTH,
    unit: 'requests',
    weight: 1,
  },
  {
    name: 'denied-flood',
    description: 'a fleet with a wrong policy: nearly everything is denied',
    paths: BOTH,
    unit: 'requests',
    weight: 0.4,
  },
  {
    name: 'policy-churn',
    description: 'policies, attachments, groups and attributes change under traffic',
    paths: BOTH,
    unit: 'requests',
    weight: 1,
  },
  {
    name: 'jobs-lifecycle',
    description: 'jobs from creation over notification to SUCCEEDED',
    paths: BOTH,
    unit: 'lifecycles',
    weight: 0.4,
    isDirected: true,
  },
  {
    name: 'job-fanout',
    description: 'one job to all devices: when the first and the last is told',
    paths: BOTH,
    unit: 'notifications',
    weight: 0.2,
    isStorm: true,
    isDirected: true,
  },
  {
    name: 'jobs-https',
    description: 'the four calls of the jobs data plane over HTTPS',
    paths: ['https'],
    unit: 'calls',
    weight: 1,
  },
  {
    name: 'control-plane',
    description: 'an operator’s calls, signed with SigV4',
    paths: [],
    unit: 'calls',
    weight: 0.2,
    signs: true,
  },
  {
    name: 'telemetry',
    description: 'readings to a service and words to everybody: publish to delivery',
    paths: BOTH,
    unit: 'publishes',
    weight: 1,
    mqttDevices: 2,
  },
]

/** @throws Error naming the scenarios there are */
export function scenarioNamed(name: string): ScenarioFacts {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  const names = scenarios.map((scenario) => scenario.name).join(', ')
  throw new Error(`no scenario \`${name}\`: expected ${names} or all`)
}
