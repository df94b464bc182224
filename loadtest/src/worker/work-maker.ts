import type { Work, WorkOptions } from './work.ts'

/** Makes what a scenario does in a worker. */
export type WorkMaker = (options: WorkOptions) => Work

/**
 * Loads a scenario's module, so that a process holds no more than it needs.
 *
 * @throws Error when there is no such scenario
 */
export async function workMaker(scenario: string): Promise<WorkMaker> {
  switch (scenario) {
    case 'authorize':
    case 'denied-flood': {
      const module = await import('../scenarios/authorize-work.ts')
      const { AUTHORIZE_SHARES, AuthorizeWork, DENIED_FLOOD_SHARES } = module
      const shares = scenario === 'authorize' ? AUTHORIZE_SHARES : DENIED_FLOOD_SHARES
      return (options) => new AuthorizeWork(options, shares)
    }
    case 'policy-churn': {
      const { PUBLISH_SHARES, AuthorizeWork } = await import('../scenarios/authorize-work.ts')
      return (options) => new AuthorizeWork(options, PUBLISH_SHARES)
    }
    case 'telemetry': {
      const { TelemetryWork } = await import('../scenarios/telemetry-work.ts')
      return (options) => new TelemetryWork(options)
    }
    case 'connect-storm':
    case 'reconnect-storm': {
      const { ConnectWork } = await import('../scenarios/connect-work.ts')
      return (options) => new ConnectWork(options, scenario === 'reconnect-storm')
    }
    case 'jobs-lifecycle':
    case 'job-fanout': {
      const { JobsWork } = await import('../scenarios/jobs-work.ts')
      return (options) =>
        new JobsWork(options, scenario === 'jobs-lifecycle' ? 'lifecycle' : 'notify')
    }
    case 'jobs-https': {
      const { JobsHttpsWork } = await import('../scenarios/jobs-https-work.ts')
      return (options) => new JobsHttpsWork(options)
    }
    case 'control-plane': {
      const { ControlPlaneWork } = await import('../scenarios/control-plane-work.ts')
      return (options) => new ControlPlaneWork(options)
    }
    default:
      throw new Error(`no scenario \`${scenario}\``)
  }
}
