import type {
  GetThingConnectivityDataRequest,
  GetThingConnectivityDataResponse,
} from '@aws-sdk/client-iot'
import type { Broker } from '@muster/broker'
import { accept } from '@muster/model'
import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on the fleet's index (gateway G79, G80). */
export function indexingOperations(
  registry: Registry,
  broker: Pick<Broker, 'connectionOf'>,
): OperationHandlers {
  return {
    SearchIndex: handle(registry.searchIndex),
    GetThingConnectivityData: handle((input: GetThingConnectivityDataRequest, nowMs) => {
      const outcome = registry.getThingConnectivityData(input, nowMs)
      return outcome.ok ? accept({ ...outcome.value, ...connectionData(broker, input) }) : outcome
    }),
    UpdateIndexingConfiguration: handle(registry.updateIndexingConfiguration),
    GetIndexingConfiguration: handle(registry.getIndexingConfiguration),
    DescribeIndex: handle(registry.describeIndex),
    GetStatistics: handle(registry.getStatistics),
    GetCardinality: handle(registry.getCardinality),
    GetPercentiles: handle(registry.getPercentiles),
    GetBucketsAggregation: handle(registry.getBucketsAggregation),
    ListIndices: handle(registry.listIndices),
  }
}

/** What the registry does not know of the thing's connection, as GetConnection tells it. */
function connectionData(
  broker: Pick<Broker, 'connectionOf'>,
  { thingName = '', includeSocketInformation }: GetThingConnectivityDataRequest,
): Partial<GetThingConnectivityDataResponse> {
  const client = broker.connectionOf(thingName)
  if (client === undefined) return {}
  const { sourceIp, sourcePort, targetIp, targetPort } = client
  return {
    clientId: client.clientId,
    cleanSession: client.cleanSession,
    keepAliveDuration: client.keepAliveSeconds,
    sessionExpiry: client.sessionExpirySeconds,
    ...(includeSocketInformation === true && client.connected
      ? { sourceIp, sourcePort, targetIp, targetPort }
      : {}),
  }
}
