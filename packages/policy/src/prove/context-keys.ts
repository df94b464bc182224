/**
 * What is known of each context key beforehand, and how a vector's context gives it a value.
 */
import type { ContextValue } from '../decide/context-value.ts'
import type { VectorContext } from '../vectors/vector-context.ts'
import type { KeyNature } from './key-values.ts'
import type { Pattern } from './pattern.ts'
import { arnIn, type ProvenAccount } from './policy-pattern.ts'

export const clientIdKey = 'iot:clientid'
export const thingNameKey = 'iot:connection.thing.thingname'
export const isAttachedKey = 'iot:connection.thing.isattached'
export const thingTypeKey = 'iot:connection.thing.thingtypename'

const attribute = /^iot:connection\.thing\.attributes\[(.*)\]$/

/** Keys whose value the kind of device decides. */
export function isSettled(key: string): boolean {
  return key === clientIdKey || key === thingNameKey || key === isAttachedKey
}

/** Keys that exist only while thing variables do. */
export function isOfThing(key: string): boolean {
  return key.startsWith('iot:connection.thing.')
}

/** Names of things and clients that read better than the shortest ones. */
export const friendlyNames: readonly string[] = ['this-thing', 'thing-1', 'lamp', 'lamp-1']

const anyText: readonly Pattern[] = [[{ type: 'any' }]]
const nameText: readonly Pattern[] = [[{ type: 'class', class: 'thing' }]]

/**
 * Values of a key that the kind of device leaves open.
 *
 * @param several - whether a condition treats the key as one of several values
 */
export function keyNature(key: string, several: boolean, account: ProvenAccount): KeyNature {
  const one = { several: 'never' } as const
  if (key === thingTypeKey) return { ...one, shape: nameText, preferred: ['lamp', 'sensor'] }
  if (attribute.test(key)) {
    return {
      ...one,
      shape: [[], [{ type: 'class', class: 'attribute' }]],
      preferred: ['some-value'],
    }
  }
  // `${iot:Thing.ThingName}` of AWS's own pages does not exist (authz section 13).
  if (isOfThing(key) || key.startsWith('iot:thing.')) return { ...one, shape: [] }
  if (key === 'iot:certificateid') {
    const preferred = ['c0ffee'.repeat(10) + 'cafe']
    return {
      ...one,
      lacksLast: true,
      shape: [[{ type: 'class', class: 'hexadecimal' }]],
      preferred,
    }
  }
  if (key === 'iot:connectattributes') {
    const attributes = ['PersistentConnect', 'LastWill']
    return { shape: anyText, several: attributes }
  }
  if (key === 'iot:lastwilltopic') {
    const start: Pattern = [{ type: 'text', text: arnIn(account, 'topic/') }]
    return {
      ...one,
      shape: [[...start, { type: 'class', class: 'topic' }]],
      preferred: [arnIn(account, 'topic/last/will')],
    }
  }
  if (key === 'aws:sourceip') {
    return { ...one, lacksLast: true, shape: anyText, preferred: ['198.51.100.7'] }
  }
  if (/^iot:certificate\.(?!availablekeys$).*[^t]$/.test(key) && !several) {
    return {
      ...one,
      shape: [[{ type: 'class', class: 'certificate' }]],
      preferred: ['another-thing'],
    }
  }
  const listed = several || /\.list$|^aws:tagkeys$|^iot:certificate\.availablekeys$/.test(key)
  return { shape: anyText, several: listed ? 'possible' : 'never' }
}

type Fields = Record<string, unknown>

/**
 * Gives a key a value in a vector's context.
 *
 * @param key - in lower case
 * @returns false when a context cannot say it
 */
export function setKey(
  context: Fields & VectorContext,
  key: string,
  value: ContextValue,
  account: ProvenAccount,
): boolean {
  const fields: Fields = context
  if (value === undefined) return true
  const name = attribute.exec(key)?.[1]
  if (name !== undefined) {
    fields['thingAttributes'] = { ...context.thingAttributes, [name]: value }
  } else if (key === thingTypeKey) fields['thingTypeName'] = value
  else if (key === clientIdKey) fields['clientId'] = value
  else if (key === 'iot:certificateid') fields['certificate'] = { id: value }
  else if (key === 'iot:connectattributes') fields['connectAttributes'] = [value].flat()
  else if (key === 'iot:domainname') fields['domainName'] = value
  else if (key === 'aws:sourceip') fields['sourceIp'] = value
  else if (key === 'aws:currenttime') fields['currentTime'] = value
  else if (key === 'aws:epochtime') fields['epochTime'] = value
  else if (key === 'iot:lastwilltopic') {
    const start = arnIn(account, 'topic/')
    if (typeof value !== 'string' || !value.startsWith(start)) return false
    fields['lastWillTopic'] = value.slice(start.length)
  } else if (key.includes(':') && !isSettled(key)) fields[key] = value
  else return false
  return true
}
