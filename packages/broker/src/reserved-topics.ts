/**
 * Topics that begin with `$` (gateway G33): which of them a client may publish or subscribe to.
 */

/** Topics of the Jobs API and of fleet provisioning: publishing is calling (gateway G47). */
const callable: readonly RegExp[] = [
  /^\$aws\/things\/[^/]+\/jobs\//,
  /^\$aws\/certificates\/(create|create-from-csr)\/(json|cbor)$/,
  /^\$aws\/provisioning-templates\/[^/]+\/provision\/(json|cbor)$/,
]

/** Services whose reserved topics exist on AWS but not here, so that the log can say so. */
const absentServices: readonly (readonly [RegExp, string])[] = [
  [/^\$aws\/things\/[^/]+\/shadow(\/|$)/, 'device shadows are not part of this server'],
  [/^\$aws\/rules\//, 'basic ingest is not part of this server'],
]

/** What publishing to a topic means. */
export type PublishRoute =
  | { readonly kind: 'broker' }
  | { readonly kind: 'service' }
  | { readonly kind: 'refused'; readonly why: string }

const toBroker: PublishRoute = { kind: 'broker' }
const toService: PublishRoute = { kind: 'service' }

/** @param topic - a well-formed topic name */
export function routePublish(topic: string): PublishRoute {
  if (topic.charCodeAt(0) !== 36) return toBroker
  if (callable.some((pattern) => pattern.test(topic))) return toService
  return { kind: 'refused', why: `reserved topic \`${topic}\`${absence(topic)}` }
}

/**
 * Why a filter may not be subscribed to.
 *
 * @param matching - the filter without `$share/NAME/`
 * @returns undefined when it may
 */
export function reservedFilterFault(matching: string): string | undefined {
  if (matching.charCodeAt(0) !== 36) return undefined
  const [root, service, , feature] = matching.split('/')
  if (root === '$aws') {
    if (service === 'events' || service === 'certificates') return undefined
    if (service === 'provisioning-templates') return undefined
    if (service === 'things') {
      if (feature === undefined || ['jobs', '+', '#'].includes(feature)) return undefined
    }
  }
  return `reserved filter \`${matching}\`${absence(matching)}`
}

function absence(topic: string): string {
  const found = absentServices.find(([pattern]) => pattern.test(topic))
  return found === undefined ? '' : `: ${found[1]}`
}
