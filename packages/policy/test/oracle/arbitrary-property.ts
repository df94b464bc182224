/**
 * Random properties over the same small world as random policies, and what they say in plain regular
 * expressions: nothing of the package is used to read them.
 */
import fc from 'fast-check'

import { deviceKinds, type DeviceKind, type Property } from '../../src/prove/property.ts'
import type { Keys } from './reference-evaluator.ts'

const level = fc.constantFrom(
  'a',
  'ab',
  't1',
  '$aws',
  'things',
  '{own}',
  '{client}',
  '{thing}',
  '{level}',
  '*',
  '?',
  'é',
)

const tail = fc
  .array(level, { minLength: 1, maxLength: 3 })
  .chain((levels) => fc.constantFrom(levels.join('/'), levels.join('')))

const asked = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      action: fc.constantFrom('iot:Publish', 'iot:Receive'),
      type: fc.constant('topic/'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constant('iot:Subscribe'),
      type: fc.constant('topicfilter/'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ action: fc.constant('iot:Connect'), type: fc.constant('client/') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constant('iotjobsdata:UpdateJobExecution'),
      type: fc.constant('thing/'),
    }),
  },
)

/** One property with one set of requests. */
export const property: fc.Arbitrary<Property> = fc
  .record({
    asked,
    resource: fc.array(tail, { minLength: 1, maxLength: 2 }),
    except: fc.array(tail, { maxLength: 2 }),
    devices: fc.subarray([...deviceKinds], { minLength: 1 }),
    always: fc.boolean(),
  })
  .map(({ asked: { action, type }, resource, except, devices, always }) => {
    const set = {
      action: [action],
      resource: resource.map((text) => type + text),
      except: except.map((text) => type + text),
      devices,
      examples: [],
    }
    return { name: 'random', says: 'random', ...(always ? { always: [set] } : { never: [set] }) }
  })

/** Whether a resource is one of a property's set, for a device. */
export function isAsked(
  {
    resource,
    except,
  }: { readonly resource: readonly string[]; readonly except: readonly string[] },
  name: string,
  own: string | undefined,
  client: string | undefined,
): boolean {
  const matches = (text: string): boolean => regExpOf(text, own, client)?.test(name) === true
  return resource.some(matches) && !except.some(matches)
}

function regExpOf(
  text: string,
  own: string | undefined,
  client: string | undefined,
): RegExp | undefined {
  let known = true
  const source = text
    .split(/(\{[a-z]+\}|[*?])/)
    .map((part) => {
      if (part === '*') return '[^]*'
      if (part === '?') return '[^]'
      if (part === '{thing}') return '[a-zA-Z0-9:_-]+'
      if (part === '{level}') return '[^/+#\\0]+'
      const value = part === '{own}' ? own : part === '{client}' ? client : part
      if (value === undefined) known = false
      return (value ?? '').replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
    })
    .join('')
  return known ? new RegExp(`^${source}$`, 'u') : undefined
}

/** Fills a property's or policy's pattern: names that often meet, so that requests do. */
export function filled(
  pattern: string,
  own: string | undefined,
  client: string | undefined,
  keys: Keys,
  draw: (choices: readonly string[]) => string,
): string {
  return pattern
    .replaceAll('{own}', own ?? 'nobody')
    .replaceAll('{client}', client ?? 'nobody')
    .replaceAll(/\{(?:thing|level)\}/g, () => draw(['t1', 't2', 'ab', 'a']))
    .replaceAll(/\$\{([^}]*)\}/g, (_, inside: string) => {
      const value = keys.get(inside.split(',')[0]?.trim().toLowerCase() ?? '')
      return typeof value === 'string' ? value : draw(['*', '$', 'ab'])
    })
    .replaceAll('?', () => draw(['a', '1', '/', 'é']))
    .replaceAll('*', () => draw(['', 'a', '/a', 'a/t1', 't1', 't2/ab', '/']))
}

/** Keys of a counterexample's context, written down independently of the package. */
export function keysOfContext(context: Readonly<Record<string, unknown>>): Keys {
  const keys = new Map<string, string | readonly string[]>()
  const set = (key: string, value: unknown): void => {
    if (typeof value === 'string' || (Array.isArray(value) && value.length > 0)) {
      keys.set(key.toLowerCase(), value as string | readonly string[])
    }
  }
  const attached = context['thingAttached'] === true
  const resolves =
    attached && (context['exclusive'] === true || context['thingName'] === context['clientId'])
  if (context['protocol'] === 'mqtt') {
    set('iot:clientid', context['clientId'])
    set('iot:connection.thing.isattached', String(resolves))
    if (resolves) {
      set('iot:connection.thing.thingname', context['thingName'])
      set('iot:connection.thing.thingtypename', context['thingTypeName'])
      for (const [name, value] of Object.entries(context['thingAttributes'] ?? {})) {
        set(`iot:connection.thing.attributes[${name}]`, value)
      }
    }
  }
  set('aws:sourceip', context['sourceIp'])
  set('iot:domainname', context['domainName'])
  set('iot:connectattributes', context['connectAttributes'])
  if (typeof context['lastWillTopic'] === 'string') {
    set('iot:lastwilltopic', `arn:aws:iot:us-east-1:123456789012:topic/${context['lastWillTopic']}`)
  }
  const time = context['currentTime'] ?? context['epochTime']
  if (time !== undefined) {
    const ms = context['epochTime'] === undefined ? Date.parse(String(time)) : Number(time) * 1000
    set('aws:currenttime', new Date(ms).toISOString())
    set('aws:epochtime', String(Math.floor(ms / 1000)))
  }
  for (const [key, value] of Object.entries(context)) if (key.includes(':')) set(key, value)
  return keys
}

/** Kinds of device that a connection can be, by what is known of it. */
export function kindsOf(
  protocol: 'mqtt' | 'https',
  thing: string | undefined,
  client: string | undefined,
): readonly DeviceKind[] {
  if (protocol === 'https') return ['https', 'httpsUnattached']
  if (thing === undefined) return ['otherClientId', 'unattached']
  return thing === client ? ['attached', 'exclusive'] : ['exclusive']
}
