import type { Scenario, ScenarioJob } from './scenario/scenario.ts'
import type { SimulateOptions } from './simulate-options.ts'
import { simulate } from './simulate.ts'
import type { Summary } from './summary.ts'

/** Shares of a plain fleet, each of all devices and from 0 to 1. */
export interface FleetMix {
  /** Devices that poll over HTTPS instead of MQTT. */
  readonly https?: number
  /** Devices whose job fails. */
  readonly failed?: number
  /** Devices that reject the job. */
  readonly rejected?: number
}

/** A plain fleet without a scenario file. */
export interface PlainFleet {
  readonly name: string
  readonly mix?: FleetMix
  readonly thingType?: string
  /** Seconds over which devices connect; default 0, as fast as they can. */
  readonly rampSeconds?: number
  /** How long a device works on the job: seconds of the device's clock; default 1 to 20. */
  readonly workSeconds?: { readonly min: number; readonly max: number }
  readonly job?: ScenarioJob
}

/** A plain fleet, and where it runs. */
export interface RunFleetOptions extends PlainFleet, Omit<SimulateOptions, 'scenario' | 'devices'> {
  readonly devices: number
}

/** Runs a fleet that mixes both protocols and a few devices that fail or reject. */
export async function runFleet(options: RunFleetOptions): Promise<Summary> {
  return await simulate({ ...options, scenario: fleetScenario(options) })
}

/** The scenario that {@link runFleet} runs. */
export function fleetScenario(options: PlainFleet): Scenario {
  const { name, mix = {}, thingType, rampSeconds, job, workSeconds = { min: 1, max: 20 } } = options
  const { https = 0, failed = 0, rejected = 0 } = mix
  const durationSeconds = { distribution: 'uniform' as const, ...workSeconds }
  const jobs = [
    {
      behaviour: 'succeed' as const,
      share: 1 - failed - rejected,
      durationSeconds,
      progressReports: 1,
    },
    { behaviour: 'fail' as const, share: failed, durationSeconds },
    { behaviour: 'reject' as const, share: rejected },
  ].filter(({ share }) => share > 0)
  const type = thingType === undefined ? {} : { thingType }
  return {
    name,
    groups: [
      { name: 'mqtt', share: 1 - https, jobs, ...type, connection: { protocol: 'mqtt' as const } },
      {
        name: 'https',
        share: https,
        jobs,
        ...type,
        connection: { protocol: 'https' as const, pollSeconds: 2 },
      },
    ].filter(({ share }) => share > 0),
    phases: [
      { connect: { overSeconds: rampSeconds ?? 0 } },
      ...(job === undefined ? [] : [{ job }, { await: { what: 'job' as const } }]),
    ],
    assertions: [
      { metric: 'connected', equals: 'planned' },
      { metric: 'unexpectedDenials', equals: 0 },
      ...(job === undefined
        ? []
        : (['succeeded', 'failed', 'rejected'] as const).map((metric) => ({
            metric,
            equals: 'planned',
          }))),
    ],
  }
}
