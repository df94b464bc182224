/**
 * The seam between the listeners and the policies: who may do what, bound to one connection or
 * one request.
 */
import type {
  ConnectFacts,
  ConnectionAuthorizer as BrokerAuthorizer,
  Verdict,
} from '@muster/broker'
import type { Decision } from '@muster/policy'

/** Everything a decision about a device connection can depend on. */
export interface DeviceConnection {
  /** 64 hex characters. */
  readonly certificateId: string
  /** undefined over HTTPS (authz F2). */
  readonly clientId: string | undefined
  readonly protocol: 'mqtt' | 'https'
  readonly sourceIp: string
  /** The TLS SNI host, `iot:DomainName`. */
  readonly domainName: string | undefined
  /** authz F14: `PersistentConnect`, `LastWill`. */
  readonly connectAttributes: ConnectFacts['connectAttributes']
  /** Topic of the will, without ARN prefix (authz F15). */
  readonly lastWillTopic: string | undefined
  /** The thing that a request names, where it is attached to the certificate (neighbours N105). */
  readonly thingName?: string
}

/** A connection of an authenticated Cognito identity, as its IoT policies see it (identities I97). */
export interface IdentityConnection extends Omit<DeviceConnection, 'certificateId'> {
  /** `us-east-1:UUID`: what its policies and things are attached to. */
  readonly identityId: string
}

/** An answer with the decision behind it. */
export interface DecidedVerdict extends Verdict {
  readonly decision: Decision
}

/**
 * Decides for one open connection, HTTPS included; always up to date with policies, attachments,
 * groups, things.
 */
export interface ConnectionAuthorizer extends BrokerAuthorizer {
  publish(topic: string): DecidedVerdict
  /** Any other action: `iotjobsdata:DescribeJobExecution` on a thing ARN, `iot:GetRetainedMessage`. */
  decide(action: string, resourceArn: string): DecidedVerdict
}

/** Makes authorizers for devices. */
export interface DeviceAuthorization {
  bind(connection: DeviceConnection): ConnectionAuthorizer
}
