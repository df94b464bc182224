/**
 * What is to be proved: requests that no device may make, and requests that every device may.
 */
import { dataPlaneActions, likelyAction } from '../audit/known-names.ts'
import type { CharacterClass } from './letters.ts'

/** How a device presents itself. */
export type DeviceKind =
  /** MQTT, attached to a thing, with the thing's name as client ID. */
  | 'attached'
  /** MQTT, attached to a thing as its exclusive one, with another client ID. */
  | 'exclusive'
  /** MQTT, attached to a thing, but with another client ID: thing variables have no value. */
  | 'otherClientId'
  /** MQTT, attached to no thing. */
  | 'unattached'
  /** HTTPS, attached to a thing: neither client ID nor thing variables. */
  | 'https'
  /** HTTPS, attached to no thing. */
  | 'httpsUnattached'

/** All kinds, the usual first: a counterexample is looked for in this order. */
export const deviceKinds: readonly DeviceKind[] = [
  'attached',
  'otherClientId',
  'https',
  'exclusive',
  'unattached',
  'httpsUnattached',
]

/** A statement about all policies of a device. */
export interface Property {
  readonly name: string
  /** What it says, as a sentence. */
  readonly says: string
  /** None of these may be allowed. */
  readonly never?: readonly RequestSet[] | undefined
  /** All of these must be allowed. */
  readonly always?: readonly RequestSet[] | undefined
  /**
   * What is taken for granted: context keys in lower case, and their values, in which `{own}` and
   * `{client}` stand for names. Devices that have no such name are left out.
   */
  readonly given?: Readonly<Record<string, string>> | undefined
}

/** A set of requests: any of the actions on any of the resources, but for the exceptions. */
export interface RequestSet {
  /** `iot:Publish`; names, not patterns. */
  readonly action: readonly string[]
  /**
   * What follows the account in the ARN, as in a policy: `*` and `?` are wildcards. `{own}` is the
   * thing that the device is attached to, `{client}` its client ID, `{thing}` any legal thing name,
   * `{job}` any job ID, `{level}` any one level of a topic.
   */
  readonly resource: readonly string[]
  readonly except: readonly string[]
  /** Which devices; all of them unless said. */
  readonly devices: readonly DeviceKind[]
  /** Tried first as counterexamples, for they read better than the shortest ones. */
  readonly examples: readonly string[]
}

/** Placeholders that stand for a class of text. */
export const placeholderClasses: Readonly<Record<string, CharacterClass>> = {
  thing: 'thing',
  job: 'job',
  level: 'segment',
}

const placeholders = new Set(['own', 'client', ...Object.keys(placeholderClasses)])

/** A property, or what is wrong with its file. */
export type ParsedProperty =
  | { readonly ok: true; readonly value: Property }
  | { readonly ok: false; readonly error: string }

/** Never leaves this file. */
class PropertyFault extends Error {}

/**
 * Reads a property file: `{name, says, never: [{action, resource, except, devices}], always: […]}`.
 */
export function parseProperty(json: unknown): ParsedProperty {
  try {
    return { ok: true, value: readProperty(json) }
  } catch (error) {
    if (error instanceof PropertyFault) return { ok: false, error: error.message }
    throw error
  }
}

function readProperty(json: unknown): Property {
  const fields = object(json, 'a property')
  onlyKnown(fields, ['name', 'says', 'never', 'always', 'given'], 'a property')
  const name = fields['name']
  const says = fields['says']
  if (typeof name !== 'string' || name === '') {
    throw new PropertyFault('a property needs a `name`, a string')
  }
  if (says !== undefined && typeof says !== 'string') {
    throw new PropertyFault('`says` must be a string')
  }
  const never = requestSets(fields['never'], 'never', deviceKinds)
  const always = requestSets(fields['always'], 'always', ['attached'])
  if (never.length + always.length === 0) {
    throw new PropertyFault('a property needs `never` or `always`, with at least one entry')
  }
  return { name, says: says ?? name, never, always, given: givenKeys(fields['given']) }
}

function givenKeys(json: unknown): Readonly<Record<string, string>> {
  if (json === undefined) return {}
  const given: Record<string, string> = {}
  for (const [key, value] of Object.entries(object(json, '`given`'))) {
    const fault = givenFault(key, value)
    if (fault !== undefined) throw new PropertyFault(`given: ${fault}`)
    given[key.toLowerCase()] = String(value)
  }
  return given
}

/** What is wrong with something taken for granted; undefined when nothing is. */
export function givenFault(key: string, value: unknown): string | undefined {
  if (/^iot:(?:clientid|connection\.thing\.(?:thingname|isattached))$/i.test(key)) {
    return `\`${key}\` is decided by the kind of device`
  }
  if (!key.includes(':')) return `expected a context key, found \`${key}\``
  if (typeof value !== 'string') return `\`${key}\` must have a string`
  const wrong = [...value.matchAll(/\{([^}]*)\}/g)].find(
    ([, name]) => name !== 'own' && name !== 'client',
  )
  return wrong === undefined ? undefined : `expected {own} or {client} in \`${value}\``
}

function requestSets(
  json: unknown,
  member: string,
  devices: readonly DeviceKind[],
): readonly RequestSet[] {
  if (json === undefined) return []
  const list = Array.isArray(json) ? json : [json]
  return list.map((entry, index) => requestSet(entry, `${member}[${index}]`, devices))
}

function requestSet(json: unknown, path: string, kinds: readonly DeviceKind[]): RequestSet {
  const fields = object(json, path)
  onlyKnown(fields, ['action', 'resource', 'except', 'devices', 'examples'], path)
  const action = texts(fields['action'], `${path}.action`)
  for (const name of action) knownAction(name, `${path}.action`)
  const devices =
    fields['devices'] === undefined ? kinds : texts(fields['devices'], `${path}.devices`)
  for (const kind of devices) {
    if (!deviceKinds.some((known) => known === kind)) {
      throw new PropertyFault(
        `${path}.devices: expected ${deviceKinds.join(', ')}, found \`${kind}\``,
      )
    }
  }
  const resource = resources(fields['resource'], `${path}.resource`)
  fitting(action, resource, path)
  return {
    action,
    resource,
    except: fields['except'] === undefined ? [] : resources(fields['except'], `${path}.except`),
    devices: devices as readonly DeviceKind[],
    examples:
      fields['examples'] === undefined ? [] : resources(fields['examples'], `${path}.examples`),
  }
}

/** A misspelt action is never allowed: everything would be proved of it. */
function knownAction(name: string, path: string): void {
  if (Object.hasOwn(dataPlaneActions, name)) return
  const meant = likelyAction(name)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  throw new PropertyFault(
    `${path}: expected the name of an action, like iot:Publish, found \`${name}\`${hint}`,
  )
}

/** So is an action on a resource of another type. */
function fitting(action: readonly string[], resource: readonly string[], path: string): void {
  const types = action.map((name) => dataPlaneActions[name] ?? '')
  const fits = (type: string, text: string): boolean => text === '*' || text.startsWith(type)
  const odd = resource.find((text) => !types.some((type) => fits(type, text)))
  const idle = action.findIndex((_, at) => !resource.some((text) => fits(types[at] ?? '', text)))
  if (odd !== undefined) {
    throw new PropertyFault(
      `${path}.resource: ${action.join(', ')}: expected ${[...new Set(types)].join(' or ')}…, found \`${odd}\``,
    )
  }
  if (idle >= 0) {
    throw new PropertyFault(
      `${path}.resource: expected one of ${types[idle]}… for ${action[idle]}, found ${resource.join(', ')}`,
    )
  }
}

function resources(json: unknown, path: string): readonly string[] {
  const list = texts(json, path)
  for (const text of list) {
    for (const [whole, name = ''] of text.matchAll(/\{([^}]*)\}/g)) {
      if (!placeholders.has(name)) {
        throw new PropertyFault(
          `${path}: \`${whole}\` is no placeholder: expected {${[...placeholders].join('}, {')}}`,
        )
      }
    }
    if (text.startsWith('arn:')) {
      throw new PropertyFault(`${path}: leave out the start of the ARN: topic/a, not \`${text}\``)
    }
    if (text !== '*' && !/^[a-z]+\//.test(text)) {
      throw new PropertyFault(`${path}: expected TYPE/NAME such as topic/a, found \`${text}\``)
    }
  }
  return list
}

function texts(json: unknown, path: string): readonly string[] {
  const list: unknown[] = Array.isArray(json) ? json : [json]
  const strings = list.filter((one) => typeof one === 'string' && one !== '') as string[]
  if (list.length === 0 || strings.length < list.length) {
    throw new PropertyFault(`${path} must be a string or a list of strings`)
  }
  return strings
}

function object(json: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PropertyFault(`expected ${what} to be an object`)
  }
  return json as Readonly<Record<string, unknown>>
}

function onlyKnown(
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
  what: string,
): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new PropertyFault(`${what} has no member \`${unknown}\`: expected ${known.join(', ')}`)
  }
}
