/**
 * Names, attributes and versions: the checks that several families of operations share.
 *
 * The protocol checks types, lengths and patterns before any operation; these stand here as well
 * because keys and ARNs are built on them.
 */
import { accept, invalidRequest, refuse, type Outcome, type Refused } from '@muster/model'

/** Attributes of a thing without and with a type, and of a group (gateway G67). */
export const UNTYPED_ATTRIBUTES_MAX = 3
export const ATTRIBUTES_MAX = 50
/** Names and values of all attributes of one thing together. */
const ATTRIBUTE_CHARACTERS_MAX = 47 * 1024

const NAME = /^[a-zA-Z0-9:_-]{1,128}$/
const ATTRIBUTE_NAME = /^[a-zA-Z0-9_.,@/:#-]{1,128}$/
const ATTRIBUTE_VALUE = /^[a-zA-Z0-9_.,@/:#=[\]-]{0,800}$/

/** The name of a thing, type, group or billing group; refuses what gateway G67's pattern does. */
export function givenName(member: string, name: string | undefined): Outcome<string> {
  if (name !== undefined && NAME.test(name)) return accept(name)
  return invalidRequest(`${member} must be 1 to 128 characters of [a-zA-Z0-9:_-]`)
}

/** Whether a thing, type, group or billing group can have this name. */
export function isName(name: string): boolean {
  return NAME.test(name)
}

/** Whether a thing or group can have an attribute of this value (gateway G67). */
export function isAttributeValue(value: string): boolean {
  return ATTRIBUTE_VALUE.test(value)
}

/** Refuses a wrong `expectedVersion` (gateway G69). */
export function checkVersion(
  what: string,
  expected: number | undefined,
  actual: number,
): Refused | undefined {
  if (expected === undefined || expected === actual) return undefined
  return refuse(
    'VersionConflictException',
    `The version for ${what} does not match the expected version.`,
  )
}

/** Whether a thing or group can have an attribute of this name (gateway G67). */
export function isAttributeName(name: string): boolean {
  return ATTRIBUTE_NAME.test(name)
}

/** Refuses attributes outside gateway G67's patterns and counts. */
export function checkAttributes(
  attributes: Readonly<Record<string, string>>,
  countMax: number,
): Refused | undefined {
  let count = 0
  let characters = 0
  for (const name in attributes) {
    const value = attributes[name] as string
    if (!isAttributeName(name)) {
      return invalidRequest(`attribute name ${name} must be 1 to 128 of [a-zA-Z0-9_.,@/:#-]`)
    }
    if (!ATTRIBUTE_VALUE.test(value)) {
      return invalidRequest(`value of attribute ${name} must be 0 to 800 of [a-zA-Z0-9_.,@/:#=[]-]`)
    }
    count += 1
    characters += name.length + value.length
  }
  if (count > countMax) {
    return invalidRequest(`at most ${countMax} attributes are allowed, not ${count}`)
  }
  if (characters > ATTRIBUTE_CHARACTERS_MAX)
    return invalidRequest('attributes exceed 47 KB in total')
  return undefined
}

/** What a caller sends to change attributes; the SDK's `AttributePayload`. */
export interface AttributeChange {
  readonly attributes?: Readonly<Record<string, string>> | undefined
  readonly merge?: boolean | undefined
}

/** Attributes after a change: replaced, or merged; an empty value removes (gateway G69). */
export function changedAttributes(
  before: Readonly<Record<string, string>>,
  change: AttributeChange | undefined,
): Readonly<Record<string, string>> {
  if (change === undefined) return before
  // A map, not an object: `__proto__` is an attribute name like any other.
  const after = new Map(change.merge === true ? Object.entries(before) : [])
  for (const [name, value] of Object.entries(change.attributes ?? {})) {
    if (value === '') after.delete(name)
    else after.set(name, value)
  }
  return Object.fromEntries(after)
}

/** Whether both hold the same names with the same values. */
export function sameAttributes(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => one[name] === other[name])
}
