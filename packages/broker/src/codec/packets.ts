/**
 * Packets that a client may send, checked: what a handler sees is well-formed MQTT.
 */
import type { MessageProperties } from '../message.ts'
import type { ReasonCode } from '../reason-codes.ts'

export interface Will {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly properties: MessageProperties | undefined
  readonly messageExpirySeconds: number | undefined
  readonly delaySeconds: number
}

export interface ConnectPacket {
  readonly cmd: 'connect'
  readonly protocolVersion: 4 | 5
  readonly clientId: string
  /** Clean Session (3.1.1) or Clean Start (5). */
  readonly clean: boolean
  readonly keepAliveSeconds: number
  readonly will: Will | undefined
  /** MQTT 5; 0 when absent. */
  readonly sessionExpirySeconds: number
  /** MQTT 5; 65535 when absent. */
  readonly receiveMaximum: number
  /** MQTT 5; Infinity when absent. */
  readonly packetBytesMax: number
  /** MQTT 5; true when absent. */
  readonly problemInformation: boolean
  /** MQTT 5 enhanced authentication, which AWS does not offer. */
  readonly authenticationMethod: string | undefined
}

export interface PublishPacket {
  readonly cmd: 'publish'
  /** Empty only with a topic alias. */
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
  readonly dup: boolean
  /** 1 to 65535 with QoS above 0, otherwise 0. */
  readonly packetId: number
  readonly properties: MessageProperties | undefined
  readonly messageExpirySeconds: number | undefined
  readonly topicAlias: number | undefined
  readonly subscriptionIdentifier: boolean
}

export interface PubackPacket {
  readonly cmd: 'puback'
  readonly packetId: number
  readonly reasonCode: number
}

export interface SubscriptionRequest {
  readonly filter: string
  readonly qos: 0 | 1 | 2
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly retainHandling: 0 | 1 | 2
}

export interface SubscribePacket {
  readonly cmd: 'subscribe'
  readonly packetId: number
  readonly subscriptions: readonly SubscriptionRequest[]
  readonly subscriptionIdentifier: boolean
}

export interface UnsubscribePacket {
  readonly cmd: 'unsubscribe'
  readonly packetId: number
  readonly filters: readonly string[]
}

export interface PingreqPacket {
  readonly cmd: 'pingreq'
}

export interface DisconnectPacket {
  readonly cmd: 'disconnect'
  readonly reasonCode: number
  readonly sessionExpirySeconds: number | undefined
}

/** PUBREC, PUBREL, PUBCOMP, AUTH and server-only packets: never right from a client (gateway G29). */
export interface ForbiddenPacket {
  readonly cmd: 'forbidden'
  readonly name: string
}

/** Bytes that are not MQTT, or not AWS's; the connection ends. */
export interface PacketFault {
  readonly cmd: 'fault'
  readonly reasonCode: ReasonCode
  /** `PROTOCOL_VERSION` asks for CONNACK 1 (gateway G17). */
  readonly reason: 'MALFORMED' | 'NOT_CONNECT' | 'PAYLOAD_LIMIT_EXCEEDED' | 'PROTOCOL_VERSION'
  readonly detail: string
}

export type InboundPacket =
  | ConnectPacket
  | PublishPacket
  | PubackPacket
  | SubscribePacket
  | UnsubscribePacket
  | PingreqPacket
  | DisconnectPacket
  | ForbiddenPacket
  | PacketFault
