export { Broker, type BrokerConnection, type DirectReply } from './broker.ts'
export type { BrokerCounts } from './broker-core.ts'
export type { ConnectionView, DirectDelivery } from './connections-api.ts'
export { limits, type BrokerBounds } from './limits.ts'
export { userPropertiesBytes, type MessageProperties, type Publication } from './message.ts'
export type {
  AuthenticatedClient,
  Authentication,
  BrokerLogEntry,
  BrokerPorts,
  BrokerRefusal,
  BrokerTime,
  ConnectFacts,
  ConnectionChange,
  ConnectionAuthorizer,
  Peer,
  Records,
  ReservedCall,
  ReservedRequest,
  ReservedServices,
  Transport,
  Verdict,
  UndeliverableMessage,
} from './ports.ts'
export type { DisconnectReason } from './reason-codes.ts'
export type { RetainedView } from './retained.ts'
export { filterMatches, topicNameFault } from './topic.ts'
