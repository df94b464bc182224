export type { Carrier, CarrierEvents } from './carrier.ts'
export { Channel, windowBytes, type ChannelReceiver } from './channel.ts'
export {
  isGatewayName,
  type GatewayPorts,
  type JoinAnswer,
  type JoinGrant,
  type JoinRequest,
} from './join.ts'
export { driveLink } from './driven-link.ts'
export { frameBytesMax } from './frame.ts'
export { LinkEnd, type LinkEndOptions } from './link-end.ts'
export { coreStops, type Applicant, type CoreBus, type GatewayBus } from './link-port.ts'
export { localCoreBus, localGatewayBus, type LocalCoreBus } from './local-link.ts'
export {
  readCoreNotice,
  readGatewayNotice,
  type CoreNotice,
  type GatewayFigures,
  type GatewayNotice,
  type ToldHandshake,
} from './notices.ts'
export type { LinkListener, Opening } from './opening.ts'
export { streamCarrier } from './stream-carrier.ts'
