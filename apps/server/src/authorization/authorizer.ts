/**
 * The seam between the listeners and the policies: who may do what, bound to one connection or
 * one request.
 */

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
  readonly connectAttributes: readonly ('PersistentConnect' | 'LastWill')[]
  /** Topic of the will, without ARN prefix (authz F15). */
  readonly lastWillTopic: string | undefined
}

/** An answer with the id under which `/_muster/decisions/{id}` explains it. */
export interface Verdict {
  readonly allowed: boolean
  readonly decision: 'allow' | 'implicitDeny' | 'explicitDeny'
  /** Present on denials. */
  readonly decisionId?: string
}

/** Decides for one open connection; always up to date with policies, attachments, groups, things. */
export interface ConnectionAuthorizer {
  connect(): Verdict
  /** Also used for the will topic at CONNECT. */
  publish(topic: string): Verdict
  retainPublish(topic: string): Verdict
  /** `filter` as sent, `$share/…` included (authz G14). */
  subscribe(filter: string): Verdict
  /** Per delivery; `shareFilter` is the `$share/…` filter a shared delivery comes by (X14). */
  receive(topic: string, shareFilter?: string): boolean
  /** Any other action: `iotjobsdata:DescribeJobExecution` on a thing ARN, `iot:GetRetainedMessage`. */
  decide(action: string, resourceArn: string): Verdict
  /** Called when the connection closes. */
  release(): void
}

/** Makes authorizers for devices. */
export interface DeviceAuthorization {
  bind(connection: DeviceConnection): ConnectionAuthorizer
}
