/**
 * What is known about the one who asks: the source of every context key and policy variable
 * (authz section 6).
 */

/** Facts about a connection or request. Absent members make their keys undefined. */
export interface PolicyContext {
  /** authz F2, F4: client ID and thing keys exist on MQTT and MQTT over WebSocket only. */
  readonly protocol: 'mqtt' | 'https'
  readonly clientId?: string | undefined
  /**
   * The thing that thing keys resolve to: attached to the principal, and either exclusive or named
   * as the client ID (authz F5, F6); see {@link connectionThing}.
   */
  readonly thing?: ThingContext | undefined
  /** Whether the request itself names the thing: its keys are there over HTTPS too (neighbours N105). */
  readonly thingNamed?: boolean | undefined
  /** Every thing attached to the principal, whatever its name; only explanations read it. */
  readonly attachedThingNames?: readonly string[] | undefined
  readonly certificate?: CertificateContext | undefined
  readonly sourceIp?: string | undefined
  /** The TLS SNI host. */
  readonly domainName?: string | undefined
  /** authz F14. */
  readonly connectAttributes?: readonly string[] | undefined
  /** Topic of the will, without ARN prefix (authz F15). */
  readonly lastWillTopic?: string | undefined
  /** Clock for `aws:CurrentTime` and `aws:EpochTime`, epoch milliseconds. */
  readonly nowMs?: (() => number) | undefined
  /** Any further keys, named in lower case: `aws:username`, `aws:resourcetag/owner`. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>> | undefined
}

/** A thing as policies see it. */
export interface ThingContext {
  readonly thingName: string
  readonly thingTypeName?: string | undefined
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** A device certificate as policies see it. */
export interface CertificateContext {
  /** 64 hex characters. */
  readonly certificateId: string
  /** Read only when a policy asks: parsing a certificate is not free. */
  readonly attributes?: (() => CertificateAttributes | undefined) | undefined
}

/** Attribute values by name; AWS's names in any case: `CommonName`, `commonName`. */
export type AttributeValues = Readonly<Record<string, readonly string[]>>

/** What stands in a certificate (authz F8, F9). */
export interface CertificateAttributes {
  readonly serialNumber?: string | undefined
  readonly subject?: AttributeValues | undefined
  readonly issuer?: AttributeValues | undefined
  /** `RFC822Name`, `DNSName`, `DirectoryName`, `UniformResourceIdentifier`, `IPAddress`. */
  readonly subjectAlternativeName?: AttributeValues | undefined
  readonly issuerAlternativeName?: AttributeValues | undefined
}

/** A thing attached to the principal. */
export interface AttachedThing extends ThingContext {
  /** Attached as `EXCLUSIVE_THING`. */
  readonly exclusive?: boolean | undefined
}

/**
 * The attached thing that thing keys resolve to: an exclusive one whatever the client ID (authz
 * F6), else the one named as the client ID (F5, X11).
 */
export function connectionThing<
  Thing extends { thingName: string; exclusive?: boolean | undefined },
>(attached: readonly Thing[], clientId: string | undefined): Thing | undefined {
  return (
    attached.find((thing) => thing.exclusive === true) ??
    attached.find((thing) => thing.thingName === clientId)
  )
}

/** Further context keys with their names in lower case. */
export function contextKeys(
  keys: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string | readonly string[]>> {
  const lower: Record<string, string | readonly string[]> = Object.create(null) as typeof lower
  for (const [name, value] of Object.entries(keys)) {
    if (value !== undefined) lower[name.toLowerCase()] = value
  }
  return lower
}
