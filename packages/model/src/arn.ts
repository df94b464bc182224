/**
 * ARNs of AWS IoT resources (gateway G85).
 */
import type { Account } from './account.ts'

/** First segment of an IoT ARN's resource part. */
export type IotResourceType =
  | 'thing'
  | 'thinggroup'
  | 'thingtype'
  | 'billinggroup'
  | 'cert'
  | 'cacert'
  | 'policy'
  | 'provisioningtemplate'
  | 'job'
  | 'jobtemplate'
  | 'topic'
  | 'topicfilter'
  | 'client'
  | 'index'
  | 'domainconfiguration'
  | 'rolealias'
  | 'package'
  | 'stream'
  | 'otaupdate'

/** `arn:aws:iot:REGION:ACCOUNT:TYPE/NAME`. */
export function iotArn(account: Account, type: IotResourceType, name: string): string {
  return `arn:aws:iot:${account.region}:${account.accountId}:${type}/${name}`
}

/** An ARN cut at its first five colons; `resource` keeps any further ones. */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly accountId: string
  readonly resource: string
}

/**
 * Cuts an ARN into its parts.
 *
 * @returns undefined when `text` is not `arn:` followed by five colon-separated parts
 */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$/s.exec(text)
  if (match === null) return undefined
  const [, partition = '', service = '', region = '', accountId = '', resource = ''] = match
  return { partition, service, region, accountId, resource }
}

/**
 * The name inside an ARN of this account and type: `thing/T` gives `T`.
 *
 * @returns undefined for another account, region, service or resource type
 */
export function nameInArn(
  account: Account,
  type: IotResourceType,
  arn: string,
): string | undefined {
  const prefix = iotArn(account, type, '')
  return arn.startsWith(prefix) && arn.length > prefix.length ? arn.slice(prefix.length) : undefined
}
