/**
 * The HTTPS data plane: publish, retained messages, connections (gateway section 3).
 */
import type {
  DeleteConnectionRequest,
  GetConnectionRequest,
  GetConnectionResponse,
  GetRetainedMessageRequest,
  GetRetainedMessageResponse,
  ListRetainedMessagesRequest,
  ListRetainedMessagesResponse,
  ListSubscriptionsRequest,
  ListSubscriptionsResponse,
  PublishRequest,
} from '@aws-sdk/client-iot-data-plane'
import type { Broker } from '@muster/broker'
import { accept, present, refuse, type Outcome } from '@muster/model'
import { publicationOf, type PublicationInput } from './data-plane-publication.ts'
import { pageOf } from './page-token.ts'

/** What the data plane asks of the broker. */
export type DataPlaneBroker = Pick<
  Broker,
  | 'publish'
  | 'mayPublish'
  | 'retainedMessage'
  | 'retainedMessages'
  | 'connectionOf'
  | 'subscriptionsOf'
  | 'deleteConnection'
>

/** Page sizes (gateway G63, G66). */
const retainedPage = 50
const subscriptionsPage = 20

/** Publish. Refuses what {@link publicationOf} does, and with ThrottlingException what is over the rate. */
export function publish(broker: DataPlaneBroker, input: Partial<PublishRequest>): Outcome<object> {
  const delivery = { qos: input.qos === 1 ? 1 : 0, retain: input.retain === true } as const
  const publication = publicationOf(input as PublicationInput, delivery)
  if (!publication.ok) return publication
  if (!broker.mayPublish(publication.value)) {
    return refuse(
      'ThrottlingException',
      `Rate exceeded for Publish to '${publication.value.topic}'`,
    )
  }
  broker.publish(publication.value)
  return accept({ message: 'OK' })
}

/** GetRetainedMessage; ResourceNotFoundException. */
export function getRetainedMessage(
  broker: DataPlaneBroker,
  { topic }: GetRetainedMessageRequest,
): Outcome<GetRetainedMessageResponse> {
  const retained = broker.retainedMessage(topic ?? '')
  if (retained === undefined) {
    return refuse('ResourceNotFoundException', `No retained message on topic '${topic}'`)
  }
  const { payload, qos, lastModifiedMs, properties } = retained
  const user = properties?.userProperties?.map(([name, value]) => ({ [name]: value }))
  return accept({
    topic: retained.topic,
    payload,
    qos,
    lastModifiedTime: lastModifiedMs,
    ...(user === undefined ? {} : { userProperties: Buffer.from(JSON.stringify(user)) }),
  })
}

/** ListRetainedMessages (gateway G63). */
export function listRetainedMessages(
  broker: DataPlaneBroker,
  { nextToken, maxResults = retainedPage }: ListRetainedMessagesRequest,
): Outcome<ListRetainedMessagesResponse> {
  const page = pageOf(
    'retained',
    broker.retainedMessages(),
    ({ topic }) => topic,
    nextToken,
    maxResults,
  )
  if (!page.ok) return page
  return accept({
    retainedTopics: page.value.items.map(({ topic, payload, qos, lastModifiedMs }) => ({
      topic,
      payloadSize: payload.length,
      qos,
      lastModifiedTime: lastModifiedMs,
    })),
    ...page.value.next,
  })
}

/** DeleteConnection; ResourceNotFoundException (gateway G64). */
export function deleteConnection(
  broker: DataPlaneBroker,
  { clientId, cleanSession, preventWillMessage }: DeleteConnectionRequest,
): Outcome<object> {
  const found = broker.deleteConnection(clientId ?? '', {
    cleanSession: cleanSession === true,
    preventWillMessage: preventWillMessage === true,
  })
  return found ? accept({}) : unknownClient(clientId)
}

/** GetConnection; ResourceNotFoundException (gateway G65). */
export function getConnection(
  broker: DataPlaneBroker,
  { clientId, includeSocketInformation }: GetConnectionRequest,
): Outcome<GetConnectionResponse> {
  const client = broker.connectionOf(clientId ?? '')
  if (client === undefined) return unknownClient(clientId)
  const since = client.connected
    ? { connectedSince: client.connectedSinceMs }
    : { disconnectedSince: client.disconnectedSinceMs, disconnectReason: client.disconnectReason }
  const { sourceIp, sourcePort, targetIp, targetPort } = client
  const socket =
    includeSocketInformation === true ? { sourceIp, sourcePort, targetIp, targetPort } : {}
  return accept({
    clientId: client.clientId,
    connected: client.connected,
    cleanSession: client.cleanSession,
    keepAliveDuration: client.keepAliveSeconds,
    sessionExpiry: client.sessionExpirySeconds,
    ...present({ thingName: client.thingName, ...since, ...socket }),
  })
}

/** ListSubscriptions; ResourceNotFoundException (gateway G66). */
export function listSubscriptions(
  broker: DataPlaneBroker,
  { clientId, nextToken, maxResults = subscriptionsPage }: ListSubscriptionsRequest,
): Outcome<ListSubscriptionsResponse> {
  const subscriptions = broker.subscriptionsOf(clientId ?? '')
  if (subscriptions === undefined) return unknownClient(clientId)
  const page = pageOf(
    `subscriptions ${clientId ?? ''}`,
    subscriptions,
    ({ topicFilter }) => topicFilter,
    nextToken,
    maxResults,
  )
  return page.ok
    ? accept({
        subscriptions: page.value.items.map(({ topicFilter, qos }) => ({ topicFilter, qos })),
        ...page.value.next,
      })
    : page
}

function unknownClient(clientId: string | undefined): Outcome<never> {
  return refuse('ResourceNotFoundException', `No connection or session of client '${clientId}'`)
}
