/**
 * Topics that begin with `$` (gateway G33): whose they are, and what a client may do with them. A
 * further topic is a row of the table, and who answers it a member of `BrokerPorts.reserved`.
 */
import type { ReservedCall, ReservedServices } from './ports.ts'
import { hints } from './hints.ts'

/** A part of AWS's topics; filters as in MQTT, but that `+` stands for one character or more. */
interface ReservedTopics {
  /** Filters may be subscribed to that are below this one or have wildcards which reach it. */
  readonly subscribe?: string
  /** Publishing to these is calling the service (gateway G47). */
  readonly publish?: readonly string[]
  readonly service?: keyof ReservedServices
  /** Why nobody answers here what AWS does, for the log. */
  readonly absent?: string
}

const table: readonly ReservedTopics[] = [
  {
    service: 'jobs',
    publish: ['$aws/things/+/jobs/#'],
    subscribe: '$aws/things/+/jobs/#',
  },
  {
    service: 'provisioning',
    publish: [
      '$aws/certificates/create/json',
      '$aws/certificates/create/cbor',
      '$aws/certificates/create-from-csr/json',
      '$aws/certificates/create-from-csr/cbor',
    ],
    subscribe: '$aws/certificates/#',
  },
  {
    service: 'provisioning',
    publish: [
      '$aws/provisioning-templates/+/provision/json',
      '$aws/provisioning-templates/+/provision/cbor',
    ],
    subscribe: '$aws/provisioning-templates/#',
  },
  { subscribe: '$aws/events/#' },
  {
    publish: ['$aws/things/+/shadow', '$aws/things/+/shadow/#'],
    absent: 'device shadows are not part of this server',
  },
  { publish: ['$aws/rules/#'], absent: 'basic ingest is not part of this server' },
]

/** What publishing to a topic means. */
export type PublishRoute =
  | { readonly kind: 'broker' }
  | { readonly kind: 'service'; readonly call: ReservedCall }
  | { readonly kind: 'refused'; readonly why: string; readonly hint: string }

const toBroker: PublishRoute = { kind: 'broker' }

const publishable = table.flatMap(({ publish = [], service, absent }) =>
  publish.map((filter) => ({ pattern: patternOf(filter), service, absent })),
)

/** @param topic - a well-formed topic name */
export function routePublish(topic: string, services: ReservedServices): PublishRoute {
  if (topic.charCodeAt(0) !== 36) return toBroker
  const found = publishable.find(({ pattern }) => pattern.test(topic))
  const call = found?.service === undefined ? undefined : services[found.service](topic)
  if (call !== undefined) return { kind: 'service', call }
  const why = `reserved topic \`${topic}\`${because(found?.absent)}`
  return { kind: 'refused', why, hint: hints.reservedTopic }
}

const subscribable = table.flatMap(({ subscribe }) =>
  subscribe === undefined ? [] : [subscribe.split('/')],
)

/**
 * Why a filter may not be subscribed to.
 *
 * @param matching - the filter without `$share/NAME/`
 * @returns undefined when it may
 */
export function reservedFilterFault(matching: string): string | undefined {
  if (matching.charCodeAt(0) !== 36) return undefined
  const levels = matching.split('/')
  if (subscribable.some((topics) => reaches(levels, topics))) return undefined
  // `…/shadow` itself and what lies below it are one feature.
  const absent = publishable.find(({ pattern }) => pattern.test(`${matching}/`))?.absent
  return `reserved filter \`${matching}\`${because(absent)}`
}

/**
 * Whether a filter, or what lies below it, meets a part of AWS's topics. The first two levels of both
 * must be told: `$aws/#` and `$aws/+/…` are nobody's.
 */
function reaches(filter: readonly string[], topics: readonly string[]): boolean {
  if (filter[0] !== topics[0] || filter[1] !== topics[1]) return false
  for (let at = 2; at < topics.length; at++) {
    const level = filter[at]
    const own = topics[at]
    if (level === undefined || level === '#' || own === '#') return true
    if (level !== '+' && own !== '+' && level !== own) return false
  }
  return filter.length === topics.length
}

function patternOf(filter: string): RegExp {
  const levels = filter.split('/').map((level) => {
    if (level === '#') return '.*'
    return level === '+' ? '[^/]+' : level.replaceAll('$', String.raw`\$`)
  })
  return new RegExp(`^${levels.join('/')}$`, 's')
}

function because(absent: string | undefined): string {
  return absent === undefined ? '' : `: ${absent}`
}
