/** GetThingConnectivityData (gateway G80). */
import type {
  GetThingConnectivityDataRequest,
  GetThingConnectivityDataResponse,
} from '@aws-sdk/client-iot'
import type { Broker } from '@muster/broker'
import { accept, type Outcome } from '@muster/model'
import type { Registry } from '@muster/registry'

/** What the registry knows of the thing, with what the broker knows of its connection. */
export function getThingConnectivityData(
  registry: Pick<Registry, 'getThingConnectivityData' | 'tellsSockets'>,
  broker: Pick<Broker, 'connectionOf'>,
  input: GetThingConnectivityDataRequest,
  nowMs: number,
): Outcome<GetThingConnectivityDataResponse> {
  const outcome = registry.getThingConnectivityData(input, nowMs)
  if (!outcome.ok) return outcome
  const withSocket = input.includeSocketInformation === true && registry.tellsSockets()
  return accept({ ...outcome.value, ...connectionData(broker, input.thingName, withSocket) })
}

/** What the registry does not know of the thing's connection, as GetConnection tells it. */
function connectionData(
  broker: Pick<Broker, 'connectionOf'>,
  thingName = '',
  withSocket: boolean,
): Partial<GetThingConnectivityDataResponse> {
  const client = broker.connectionOf(thingName)
  if (client === undefined) return {}
  const { sourceIp, sourcePort, targetIp, targetPort } = client
  return {
    clientId: client.clientId,
    cleanSession: client.cleanSession,
    keepAliveDuration: client.keepAliveSeconds,
    sessionExpiry: client.sessionExpirySeconds,
    ...(withSocket && client.connected ? { sourceIp, sourcePort, targetIp, targetPort } : {}),
  }
}
