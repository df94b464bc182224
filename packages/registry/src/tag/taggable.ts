/**
 * Which resources take tags, and what is said of those that do not, or are not there (gateway
 * G81).
 */
import {
  accept,
  invalidRequest,
  parseArn,
  type Account,
  type Outcome,
  type Refused,
} from '@muster/model'
import { noBillingGroup, notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { INVALID_TAGS } from './tags.ts'

/** A kind of resource that takes tags. */
interface Taggable {
  readonly exists: (state: RegistryState, name: string, resourceArn: string) => boolean
  readonly absent: (name: string) => Refused
}

const taggable: Readonly<Record<string, Taggable>> = {
  thinggroup: {
    exists: (state, name) => state.thingGroups.byName.has(name),
    absent: (name) => notFound(`Thing Group ${name} does not exist.`),
  },
  thingtype: {
    exists: (state, name) => state.thingTypes.byName.has(name),
    absent: (name) => notFound(`Thing Type ${name} does not exist.`),
  },
  billinggroup: {
    exists: (state, name) => state.billingGroups.byName.has(name),
    absent: noBillingGroup,
  },
  policy: {
    exists: (state, name) => state.policies.byName.has(name),
    absent: () => notFound('This resource is not found'),
  },
  cacert: {
    exists: (state, name) => state.certificates.caCertificates.has(name),
    absent: (name) => notFound(`CA Certificate ${name} not found`),
  },
  provisioningtemplate: {
    exists: (state, name) => state.provisioning.templates.has(name),
    absent: () => notFound('Unable to get template id, template not found'),
  },
  job: {
    exists: (state, _name, resourceArn) => state.ports.resourceExists?.(resourceArn) === true,
    absent: (name) => notFound(`Job ${name} cannot be found.`),
  },
  jobtemplate: {
    exists: (state, _name, resourceArn) => state.ports.resourceExists?.(resourceArn) === true,
    absent: (name) => notFound(`Job Template ${name} cannot be found.`),
  },
  stream: {
    exists: (state, _name, resourceArn) => state.ports.resourceExists?.(resourceArn) === true,
    absent: (name) => notFound(`Stream ${name} cannot be found.`),
  },
  otaupdate: {
    exists: (state, _name, resourceArn) => state.ports.resourceExists?.(resourceArn) === true,
    absent: (name) => notFound(`OTA update ${name} cannot be found.`),
  },
  package: {
    exists: (state, _name, resourceArn) => state.ports.resourceExists?.(resourceArn) === true,
    absent: (name) => notFound(`Package ${name.replace('/version/', ' version ')} does not exist.`),
  },
  rolealias: {
    exists: (state, _name, resourceArn) => state.ports.resourceExists?.(resourceArn) === true,
    absent: (name) => notFound(`Role alias ${name} does not exist.`),
  },
}

/** Kinds of this service that take none. */
const untaggable: ReadonlySet<string> = new Set(['thing', 'cert'])

/** Refuses with InvalidRequestException what can have no tags: other services', accounts', kinds. */
export function checkTaggable(account: Account, resourceArn: string): Outcome<unknown> {
  return parsed(account, resourceArn)
}

/** As {@link checkTaggable}, and with ResourceNotFoundException what is not there. */
export function checkTagged(state: RegistryState, resourceArn: string): Refused | undefined {
  const { account } = state.ports
  const found = parsed(account, resourceArn)
  if (!found.ok) return found
  const { region, kind, name } = found.value
  if (region !== account.region) return invalidRequest(INVALID_TAGS)
  return kind.exists(state, name, resourceArn) ? undefined : kind.absent(name)
}

function parsed(
  account: Account,
  resourceArn: string,
): Outcome<{ readonly region: string; readonly kind: Taggable; readonly name: string }> {
  const arn = parseArn(resourceArn)
  const slash = arn?.resource.indexOf('/') ?? -1
  const type = arn?.resource.slice(0, Math.max(slash, 0)) ?? ''
  const name = arn?.resource.slice(slash + 1) ?? ''
  const kind = Object.hasOwn(taggable, type) ? taggable[type] : undefined
  const known = kind !== undefined || untaggable.has(type)
  if (arn === undefined || arn.service !== 'iot' || name === '' || !known) {
    return invalidRequest('Invalid arn in request')
  }
  if (arn.accountId !== account.accountId) {
    return invalidRequest("ResourceArn doesn't belong in requester's account")
  }
  if (kind === undefined) return invalidRequest(`Invalid resource type in ARN: ${type}`)
  return accept({ region: arn.region, kind, name })
}
