/**
 * A vector's context → {@link PolicyContext}.
 */
import {
  connectionThing,
  contextKeys,
  type AttributeValues,
  type CertificateAttributes,
  type PolicyContext,
} from '../decide/policy-context.ts'

/** Context fields of a vector; all may be left out. */
export interface VectorContext {
  readonly principalType?: string | null
  readonly protocol?: string
  readonly clientId?: string | null
  readonly thingName?: string | null
  readonly thingAttached?: boolean
  readonly thingTypeName?: string | null
  readonly thingAttributes?: Readonly<Record<string, string>>
  readonly exclusive?: boolean
  readonly certificate?: Readonly<Record<string, unknown>>
  readonly sourceIp?: string
  readonly domainName?: string
  readonly sourceVpce?: string
  readonly sourceVpc?: string
  readonly vpcSourceIp?: string
  readonly connectAttributes?: readonly string[]
  readonly lastWillTopic?: string | null
  readonly cognitoSub?: string
  readonly username?: string
  readonly requestTags?: Readonly<Record<string, string>>
  readonly resourceTags?: Readonly<Record<string, string>>
  readonly principalTags?: Readonly<Record<string, string>>
  readonly tagKeys?: readonly string[]
  readonly includeSocketInformation?: boolean
  readonly [field: string]: unknown
}

/** Fields that are a context key by another name. */
const keyOfField: Readonly<Record<string, string>> = {
  sourceVpce: 'aws:SourceVpce',
  sourceVpc: 'aws:SourceVpc',
  vpcSourceIp: 'aws:VpcSourceIp',
  cognitoSub: 'cognito-identity.amazonaws.com:sub',
  username: 'aws:username',
  includeSocketInformation: 'iot:IncludeSocketInformation',
  tagKeys: 'aws:TagKeys',
  principalArn: 'aws:PrincipalArn',
  userId: 'aws:userid',
  currentTime: 'aws:CurrentTime',
  epochTime: 'aws:EpochTime',
  secureTransport: 'aws:SecureTransport',
  jobId: 'iot:JobId',
  thingArn: 'iot:thingArn',
  thingGroupArn: 'iot:ThingGroupArn',
  clientMode: 'iot:ClientMode',
  delete: 'iot:Delete',
  topic: 'iot:Topic',
  tunnelDestinationService: 'iot:TunnelDestinationService',
}

const tagPrefixes: Readonly<Record<string, string>> = {
  requestTags: 'aws:RequestTag/',
  resourceTags: 'aws:ResourceTag/',
  principalTags: 'aws:PrincipalTag/',
}

/**
 * Reads a vector's context. A null is a field left out, a number or boolean stands for its text,
 * and a field with a colon in its name is a context key as it stands.
 */
export function vectorContext(written: VectorContext): PolicyContext {
  const fields = withoutNulls(written)
  const clientId = text(fields.clientId)
  const attached =
    typeof fields.thingName === 'string' && fields.thingAttached === true
      ? [
          {
            thingName: fields.thingName,
            thingTypeName: text(fields.thingTypeName),
            attributes: texts(fields.thingAttributes),
            exclusive: fields.exclusive,
          },
        ]
      : []
  return {
    protocol: /^http/i.test(fields.protocol ?? '') ? 'https' : 'mqtt',
    clientId,
    thing: connectionThing(attached, clientId),
    attachedThingNames: attached.map((thing) => thing.thingName),
    certificate: certificate(fields.certificate),
    sourceIp: fields.sourceIp,
    domainName: fields.domainName,
    connectAttributes: connectAttributes(fields.connectAttributes),
    lastWillTopic: willTopic(text(fields.lastWillTopic)),
    ...clock(fields),
    keys: contextKeys(furtherKeys(fields)),
  }
}

/** `currentTime` as text, or `epochTime` in seconds. */
function clock({
  currentTime,
  epochTime,
}: Readonly<Record<string, unknown>>): Pick<PolicyContext, 'nowMs'> {
  const nowMs = epochTime === undefined ? Date.parse(String(currentTime)) : Number(epochTime) * 1000
  return Number.isFinite(nowMs) ? { nowMs: () => nowMs } : {}
}

function withoutNulls(fields: VectorContext): VectorContext {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}

function texts(values: unknown): Record<string, string> {
  const entries = Object.entries(values ?? {}).filter(([, value]) => value !== null)
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

function connectAttributes(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  return Array.isArray(value) ? value.map(String) : [String(value)]
}

function furtherKeys(fields: VectorContext): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {}
  for (const [field, value] of Object.entries(fields)) {
    const key = keyOfField[field] ?? (field.includes(':') ? field : undefined)
    if (key !== undefined && value !== undefined) keys[key] = keyValue(value)
    const tagPrefix = tagPrefixes[field]
    if (tagPrefix === undefined) continue
    for (const [name, tag] of Object.entries(tags(value))) keys[`${tagPrefix}${name}`] = tag
  }
  if (keys['aws:TagKeys'] === undefined && fields.requestTags !== undefined) {
    keys['aws:TagKeys'] = Object.keys(tags(fields.requestTags))
  }
  return keys
}

/** `{env: 'prod'}`, or the list of `{Key, Value}` that AWS's requests carry. */
function tags(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return texts(value)
  const listed = value as readonly Readonly<Record<string, unknown>>[]
  return texts(
    Object.fromEntries(
      listed.map((tag) => [tag['Key'] ?? tag['key'], tag['Value'] ?? tag['value']]),
    ),
  )
}

function keyValue(value: unknown): string | readonly string[] {
  return Array.isArray(value) ? value.map(String) : String(value)
}

function willTopic(topic: string | undefined): string | undefined {
  if (topic === undefined) return undefined
  const prefix = /^arn:aws:iot:[^:]*:[^:]*:topic\//.exec(topic)?.[0] ?? ''
  return topic.slice(prefix.length)
}

/** `{id, subject: {CommonName: […]}, issuer, …}`; alternative names nested or beside. */
function certificate(
  fields: Readonly<Record<string, unknown>> | undefined,
): PolicyContext['certificate'] {
  if (fields === undefined) return undefined
  const attributes: CertificateAttributes = {
    serialNumber: text(fields['serialNumber']),
    subject: attributeValues(fields['subject']),
    issuer: attributeValues(fields['issuer']),
    subjectAlternativeName: alternativeNames(fields, 'subject'),
    issuerAlternativeName: alternativeNames(fields, 'issuer'),
  }
  return {
    certificateId: String(fields['id'] ?? fields['certificateId'] ?? ''),
    attributes: () => attributes,
  }
}

function alternativeNames(
  fields: Readonly<Record<string, unknown>>,
  side: 'subject' | 'issuer',
): AttributeValues | undefined {
  const within = fields[side] as Readonly<Record<string, unknown>> | null | undefined
  const dotted = Object.entries(within ?? {})
    .map(([name, value]) => [/^AlternativeName\.(.+)$/i.exec(name)?.[1], value] as const)
    .filter(([name]) => name !== undefined)
  if (dotted.length > 0) return attributeValues(Object.fromEntries(dotted))
  return attributeValues(
    within?.['AlternativeName'] ??
      within?.['alternativeName'] ??
      fields[`${side}AlternativeName`] ??
      fields[`${side}AlternativeNames`] ??
      (side === 'subject'
        ? (fields['alternativeName'] ?? fields['alternativeNames'] ?? fields['san'])
        : undefined),
  )
}

function attributeValues(value: unknown): AttributeValues | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const values: Record<string, readonly string[]> = {}
  for (const [name, attribute] of Object.entries(value)) {
    if (Array.isArray(attribute)) values[name] = attribute.map(String)
    else if (attribute !== null && typeof attribute !== 'object') values[name] = [String(attribute)]
  }
  return values
}
