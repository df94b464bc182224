import type { Clock, Random } from '@muster/clock'
import type { DeviceOptions } from './device.ts'
import type { JobsAgentOptions } from './jobs/jobs-agent.ts'

/** What of a device's options is its agent's. */
export function agentOptions(
  options: DeviceOptions,
  wallClock: Clock,
  random: Random,
): JobsAgentOptions {
  const { fallbackHandler, query, expectVersions, stepTimeoutInMinutes, rearmStepTimer } = options
  const { requestBackOff, observer } = options
  return {
    handlers: options.handlers ?? {},
    clock: options.clock ?? wallClock,
    wallClock,
    random,
    ...(fallbackHandler === undefined ? {} : { fallbackHandler }),
    ...(query === undefined ? {} : { query }),
    ...(expectVersions === undefined ? {} : { expectVersions }),
    ...(stepTimeoutInMinutes === undefined ? {} : { stepTimeoutInMinutes }),
    ...(rearmStepTimer === undefined ? {} : { rearmStepTimer }),
    ...(requestBackOff === undefined ? {} : { requestBackOff }),
    ...(observer === undefined ? {} : { observer }),
  }
}
