import type { Account } from '@muster/model'
import type { Permission } from '../../authorization/operator-permissions.ts'
import { client, topic } from '../../authorization/operator-resources.ts'
import {
  deleteConnection,
  getConnection,
  getRetainedMessage,
  listRetainedMessages,
  listSubscriptions,
  publish,
} from '../data-plane.ts'
import { sendDirect } from '../direct-message.ts'
import type { Operations } from '../operation-row.ts'

/** Once a second for one client identifier, besides (gateway section 8). */
const ofOneClient = { perSecond: 100, perClient: true } as const

/**
 * The `iotdata` service, shadows excepted (gateway section 3, authz D2 to D15). What Publish may
 * is the broker's to count, with what is published over MQTT.
 */
export const dataPlane: Operations<'iotdata'> = {
  Publish: {
    rule:
      ({ broker }) =>
      (input) =>
        publish(broker, input),
    resources: [topic],
    also: retainPermission,
    devices: true,
  },
  GetRetainedMessage: {
    rule:
      ({ broker }) =>
      (input) =>
        getRetainedMessage(broker, input),
    resources: [topic],
    devices: true,
    rate: { perSecond: 500 },
  },
  ListRetainedMessages: {
    rule:
      ({ broker }) =>
      (input) =>
        listRetainedMessages(broker, input),
    devices: true,
    rate: { perSecond: 10 },
  },
  DeleteConnection: {
    rule:
      ({ broker }) =>
      (input) =>
        deleteConnection(broker, input),
    resources: [client],
    rate: ofOneClient,
  },
  GetConnection: {
    rule:
      ({ broker }) =>
      (input) =>
        getConnection(broker, input),
    resources: [client],
    // authz J15.
    keys: (_account, { includeSocketInformation = false }) => ({
      'iot:IncludeSocketInformation': String(includeSocketInformation),
    }),
    rate: ofOneClient,
  },
  ListSubscriptions: {
    rule:
      ({ broker }) =>
      (input) =>
        listSubscriptions(broker, input),
    resources: [client],
    rate: ofOneClient,
  },
  SendDirectMessage: {
    rule:
      ({ broker }) =>
      (input) =>
        sendDirect(broker, input),
    resources: [client],
    keys: (_account, input) => ({ 'iot:Topic': input.topic }),
    rate: { perSecond: 20_000 },
  },
}

/** authz I1: a retained message needs `iot:RetainPublish` as well. */
function retainPermission(
  account: Account,
  input: { readonly topic?: string | undefined; readonly retain?: boolean | undefined },
): readonly Permission[] {
  if (input.retain !== true) return []
  return [{ action: 'iot:RetainPublish', resource: topic(account, input)[0] ?? '*' }]
}
