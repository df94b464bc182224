/**
 * The broker's memory of a client as the registry searches it.
 */
import type { Broker } from '@muster/broker'
import type { Connectivity } from '@muster/registry'

/** @returns undefined for a client that is neither connected nor remembered */
export function clientConnectivity(
  broker: Pick<Broker, 'connectivity'>,
  clientId: string,
): Connectivity | undefined {
  const known = broker.connectivity(clientId)
  if (known === undefined) return undefined
  const { connectedSinceMs, disconnectedSinceMs, disconnectReason } = known
  return disconnectedSinceMs === undefined
    ? { connected: true, timestampMs: connectedSinceMs }
    : {
        connected: false,
        timestampMs: disconnectedSinceMs,
        ...(disconnectReason === undefined ? {} : { disconnectReason }),
      }
}
