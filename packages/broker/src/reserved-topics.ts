/**
 * Topics that begin with `$` (gateway G33, G131): whose they are, and what a client may do with them.
 * A further topic is a row of the table, and who answers it a member of `BrokerPorts.reserved`.
 */
import type { ReservedCall, ReservedServices } from './ports.ts'
import { hints } from './hints.ts'

/** A part of AWS's topics; filters as in MQTT, but that `+` stands for one character or more. */
interface ReservedTopics {
  /** Filters may be subscribed to that are below this one or have wildcards which reach it. */
  readonly subscribe?: string
  /** Publishing to these is calling the service (gateway G47). */
  readonly publish?: readonly string[]
  /** Whether a call is a message too, for whoever subscribed to its topic (neighbours N9). */
  readonly isHeard?: boolean
  /** Who answers; nobody where the feature is absent. */
  readonly service?: keyof ReservedServices
  /** The feature of AWS's that these topics belong to and this server lacks. */
  readonly absent?: string
  /** Of an absent feature: the topics that AWS answers, and on which others it says no. */
  readonly rejects?: {
    readonly requests: readonly string[]
    readonly on: (topic: string) => string
    /** How that feature writes its refusals; default as the shadow service does. */
    readonly form?: RejectionForm
  }
}

/** Features of AWS's whose refusals have a form of their own. */
export type RejectionForm = 'code and message' | 'Device Defender' | 'device location'

const below = (topic: string): string => `${topic}/rejected`

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
  {
    service: 'shadows',
    publish: ['$aws/things/+/shadow', '$aws/things/+/shadow/#'],
    subscribe: '$aws/things/+/shadow/#',
    isHeard: true,
  },
  { subscribe: '$aws/events/#' },
  { subscribe: '$aws/sitewise/#' },
  { subscribe: '$aws/things/+/tunnels/notify' },
  {
    absent: 'Device Defender',
    publish: ['$aws/things/+/defender/metrics/#'],
    subscribe: '$aws/things/+/defender/metrics/#',
    rejects: {
      requests: ['$aws/things/+/defender/metrics/json'],
      on: below,
      form: 'Device Defender',
    },
  },
  {
    service: 'streams',
    publish: ['$aws/things/+/streams/#'],
    subscribe: '$aws/things/+/streams/#',
  },
  {
    absent: 'commands',
    publish: ['$aws/commands/#'],
    subscribe: '$aws/commands/#',
    rejects: {
      requests: ['$aws/commands/+/+/executions/+/response/json'],
      on: (topic) => topic.replace(/json$/, 'rejected/json'),
    },
  },
  {
    absent: 'device location',
    publish: ['$aws/device_location/#'],
    subscribe: '$aws/device_location/#',
    rejects: {
      requests: ['$aws/device_location/+/get_position_estimate'],
      on: below,
      form: 'device location',
    },
  },
  { absent: 'the rules engine', publish: ['$aws/rules/#'] },
]

/** gateway G33: a publish below these is acknowledged, whoever takes it. */
const acknowledged =
  /^\$aws\/(?:things|rules|certificates|provisioning-templates|device_location|commands)\//

/** What publishing to a topic means. */
export type PublishRoute =
  | { readonly kind: 'broker' }
  | {
      readonly kind: 'service'
      readonly call: ReservedCall
      /** Whether subscribers get the request, before its answer. */
      readonly isHeard: boolean
    }
  /** Acknowledged and gone. */
  | {
      readonly kind: 'dropped'
      /** The feature that would take it; undefined for a topic that no feature of AWS's takes. */
      readonly absent: string | undefined
      /** Where and how the guide lets AWS answer no. */
      readonly rejected: { readonly topic: string; readonly form: RejectionForm } | undefined
    }
  | { readonly kind: 'refused'; readonly why: string; readonly hint: string }

const toBroker: PublishRoute = { kind: 'broker' }

const publishable = table.flatMap((row) =>
  (row.publish ?? []).map((filter) => ({ ...row, pattern: patternOf(filter) })),
)

/** @param topic - a well-formed topic name */
export function routePublish(topic: string, services: ReservedServices): PublishRoute {
  if (topic.charCodeAt(0) !== 36) return toBroker
  const found = publishable.find(({ pattern }) => pattern.test(topic))
  const call = found?.service === undefined ? undefined : services[found.service](topic)
  if (call !== undefined) return { kind: 'service', call, isHeard: found?.isHeard === true }
  if (acknowledged.test(topic)) {
    const { absent, rejects } = found ?? {}
    const answered = rejects?.requests.some((request) => patternOf(request).test(topic)) === true
    if (!answered) return { kind: 'dropped', absent, rejected: undefined }
    const { on, form = 'code and message' } = rejects
    return { kind: 'dropped', absent, rejected: { topic: on(topic), form } }
  }
  return { kind: 'refused', why: `reserved topic \`${topic}\``, hint: hints.reservedTopic }
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
  return `reserved filter \`${matching}\``
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
