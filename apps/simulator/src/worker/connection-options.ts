/** How the devices of a group connect, as options of a device. */
import type { DeviceOptions } from '@muster/device'
import type { DevicePlan } from '../scenario/device-plan.ts'
import { backOff } from './back-off.ts'

/**
 * @param connection - as the scenario has it
 * @param forgetful - sets a step timer when it starts, and never again
 */
export function connectionOptions(
  connection: DevicePlan['group']['connection'] = {},
  forgetful: boolean,
): Partial<DeviceOptions> {
  const { protocol, mqttVersion, session, keepAliveSeconds, pollSeconds = 5 } = connection
  const { query, expectVersions, requestTimeoutSeconds, retry, reconnect } = connection
  const stepMinutes = forgetful ? 1 : connection.stepTimeoutMinutes
  return {
    pollIntervalMs: pollSeconds * 1000,
    ...(protocol === undefined ? {} : { protocol }),
    ...(mqttVersion === '5' ? { protocolVersion: 5 as const } : {}),
    ...(session === undefined ? {} : { session }),
    ...(keepAliveSeconds === undefined ? {} : { keepAliveSeconds }),
    ...(query === undefined ? {} : { query }),
    ...(expectVersions === undefined ? {} : { expectVersions }),
    ...(stepMinutes === undefined ? {} : { stepTimeoutInMinutes: stepMinutes }),
    ...(forgetful ? { rearmStepTimer: false } : {}),
    ...(requestTimeoutSeconds === undefined
      ? {}
      : { requestTimeoutMs: requestTimeoutSeconds * 1000 }),
    ...(retry === undefined ? {} : { requestBackOff: backOff(retry) }),
    ...(reconnect === undefined ? {} : { reconnectBackOff: backOff(reconnect) }),
  }
}
