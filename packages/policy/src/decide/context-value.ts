/**
 * Context keys → values. One place for which key exists when.
 */
import { iotArn, type Account } from '@muster/model'

import type { PolicyKind } from '../parse/policy-document.ts'
import { certificateKey } from './certificate-keys.ts'
import type { PolicyContext } from './policy-context.ts'

/** One value, the values of a multivalued key, or undefined for a key that is not there. */
export type ContextValue = string | readonly string[] | undefined

const attributePrefix = 'iot:connection.thing.attributes['

/**
 * Value of a context key.
 *
 * @param kind - thing keys exist in IoT policies only (authz F16)
 * @param key - in lower case
 */
export function contextValue(
  context: PolicyContext,
  account: Account,
  kind: PolicyKind,
  key: string,
): ContextValue {
  switch (key) {
    case 'iot:clientid':
      return context.protocol === 'mqtt' ? context.clientId : undefined
    case 'iot:certificateid':
      return context.certificate?.certificateId || undefined
    case 'iot:domainname':
      return context.domainName
    case 'iot:connectattributes':
      return nonEmpty(context.connectAttributes)
    case 'iot:lastwilltopic':
      return context.lastWillTopic === undefined
        ? undefined
        : iotArn(account, 'topic', context.lastWillTopic)
    case 'aws:sourceip':
      return context.sourceIp
    case 'aws:currenttime':
      return context.nowMs === undefined ? undefined : new Date(context.nowMs()).toISOString()
    case 'aws:epochtime':
      return context.nowMs === undefined ? undefined : String(Math.floor(context.nowMs() / 1000))
    default:
  }
  if (key.startsWith('iot:connection.thing.')) return thingKey(context, kind, key)
  if (key.startsWith('iot:certificate.')) {
    const attributes = context.certificate?.attributes?.()
    const value = attributes === undefined ? undefined : certificateKey(attributes, key)
    return value ?? furtherKey(context, key)
  }
  return furtherKey(context, key)
}

function furtherKey({ keys }: PolicyContext, key: string): ContextValue {
  return keys !== undefined && Object.hasOwn(keys, key) ? nonEmpty(keys[key]) : undefined
}

/** authz F4, F5, X19; over HTTPS where the request names its thing (neighbours N105). */
function thingKey(context: PolicyContext, kind: PolicyKind, key: string): ContextValue {
  if (kind === 'iam') return undefined
  if (context.protocol !== 'mqtt' && context.thingNamed !== true) return undefined
  const thing = context.thing
  if (key === 'iot:connection.thing.isattached') return String(thing !== undefined)
  if (thing === undefined) return undefined
  if (key === 'iot:connection.thing.thingname') return thing.thingName
  if (key === 'iot:connection.thing.thingtypename') return thing.thingTypeName
  if (!key.startsWith(attributePrefix) || !key.endsWith(']')) return undefined
  const lowerName = key.slice(attributePrefix.length, -1)
  for (const [name, value] of Object.entries(thing.attributes ?? {})) {
    if (name.toLowerCase() === lowerName) return value
  }
  return undefined
}

function nonEmpty(value: ContextValue): ContextValue {
  return value?.length === 0 && typeof value !== 'string' ? undefined : value
}
