/** What earlier runs left: everything in the account whose name begins with their prefix. */
import { X509Certificate } from 'node:crypto'
import type { Json, JsonObject } from '../scenario-format.ts'
import type { AccountCalls, CallArgs } from './account-calls.ts'
import { removePatiently } from './account-stay.ts'
import {
  remove,
  type CleaningCall,
  type Kind,
  type Left,
  type Leftover,
  type Made,
} from './removals.ts'

interface Listing {
  readonly kind: Kind
  readonly operation: string
  readonly args: CallArgs
  /** Member of the answer with the list, and of an entry with the name. */
  readonly list: string
  readonly member: string
  /** How the next page is asked for: request member, answer member. */
  readonly page: readonly [string, string]
}

const TOKEN = ['nextToken', 'nextToken'] as const
const MARKER = ['marker', 'nextMarker'] as const

/** In the order in which they go. Things before their groups, the policy last: it marks a run. */
function listingsOf(prefix: string): readonly Listing[] {
  return [
    {
      kind: 'OTA update',
      operation: 'ListOTAUpdates',
      args: { maxResults: 100 },
      list: 'otaUpdates',
      member: 'otaUpdateId',
      page: TOKEN,
    },
    {
      kind: 'job',
      operation: 'ListJobs',
      args: { maxResults: 250 },
      list: 'jobs',
      member: 'jobId',
      page: TOKEN,
    },
    {
      kind: 'job template',
      operation: 'ListJobTemplates',
      args: { maxResults: 250 },
      list: 'jobTemplates',
      member: 'jobTemplateId',
      page: TOKEN,
    },
    {
      kind: 'stream',
      operation: 'ListStreams',
      args: { maxResults: 100 },
      list: 'streams',
      member: 'streamId',
      page: TOKEN,
    },
    {
      kind: 'package',
      operation: 'ListPackages',
      args: { maxResults: 100 },
      list: 'packageSummaries',
      member: 'packageName',
      page: TOKEN,
    },
    {
      kind: 'thing',
      operation: 'ListThings',
      args: { maxResults: 250 },
      list: 'things',
      member: 'thingName',
      page: TOKEN,
    },
    {
      kind: 'thing group',
      operation: 'ListThingGroups',
      args: { maxResults: 100, namePrefixFilter: prefix },
      list: 'thingGroups',
      member: 'groupName',
      page: TOKEN,
    },
    {
      kind: 'policy',
      operation: 'ListPolicies',
      args: { pageSize: 250 },
      list: 'policies',
      member: 'policyName',
      page: MARKER,
    },
  ]
}

/** What an account holds of earlier runs. */
export interface Leftovers {
  /** In the order in which they can go. */
  readonly found: readonly Leftover[]
  /** Lists that the account did not give, and why: what is in them is not known. */
  readonly unseen: readonly string[]
}

/** How many of the newest certificates are asked for their subject, for want of a name. */
const STRAY_CERTIFICATES_MAX = 250
const DAY_SECONDS = 86_400

/**
 * Finds everything whose name begins with `PREFIX-`, and the certificates of runs.
 *
 * @throws TroubledCall when the account gives no answer, or the profile may not ask
 */
export async function findLeftovers(calls: AccountCalls, prefix: string): Promise<Leftovers> {
  const call: CleaningCall = (...given) => calls.cleaningCall(...given)
  const found: Leftover[] = []
  const unseen: string[] = []
  for (const listing of listingsOf(`${prefix}-`)) {
    const names = await namesOf(call, listing, `${prefix}-`)
    if (typeof names === 'string') unseen.push(names)
    else found.push(...(await withParts(call, prefix, listing.kind, names)))
  }
  return { found, unseen }
}

/** What goes with, or before, the resources of a kind. */
async function withParts(
  call: CleaningCall,
  prefix: string,
  kind: Kind,
  names: readonly Made[],
): Promise<readonly Leftover[]> {
  switch (kind) {
    case 'package':
      return (await withVersions(call, names)).map((one) => ({ ...one, before: [] }))
    case 'thing':
      return await Promise.all(names.map((thing) => withPrincipals(call, thing)))
    case 'thing group':
      // The deepest first: parents were made before what is below them.
      return names.toReversed().map((one) => ({ ...one, before: [] }))
    case 'policy': {
      const certificates = await certificatesOf(call, names, prefix)
      return [...certificates, ...names.map((one) => ({ ...one, before: [] }))]
    }
    default:
      return names.map((one) => ({ ...one, before: [] }))
  }
}

/**
 * Removes what was found.
 *
 * @param hear - told of each that is gone
 * @returns what is still there
 * @throws TroubledCall when the account gives no answer
 */
export async function removeLeftovers(
  calls: AccountCalls,
  found: readonly Leftover[],
  hear: (made: Made) => void = () => {},
): Promise<readonly Left[]> {
  const call: CleaningCall = (...given) => calls.cleaningCall(...given)
  const left: Left[] = []
  for (const { before, kind, name } of found) {
    for (const [operation, args] of before) await call('iot', operation, args)
    const why = await removePatiently(() => remove({ kind, name }, call))
    if (why === undefined) hear({ kind, name })
    else left.push({ kind, name, why })
  }
  return left
}

/** @returns what was found, or why there is no list */
async function namesOf(
  call: CleaningCall,
  { kind, operation, args, list, member, page: [ask, told] }: Listing,
  start: string,
): Promise<readonly Made[] | string> {
  const found: Made[] = []
  let token: Json | undefined
  do {
    const { status, error, message, body } = await call('iot', operation, {
      ...args,
      ...(token !== undefined && { [ask]: token }),
    })
    if (status >= 300) return `${operation}: ${error} ${message ?? ''}`.trim()
    const answer = body as JsonObject
    for (const entry of (answer[list] ?? []) as readonly JsonObject[]) {
      const name = String(entry[member])
      // A job that AWS is deleting already only has to be waited for.
      const isGoing = entry['status'] === 'DELETION_IN_PROGRESS'
      if (name.startsWith(start) && !isGoing) found.push({ kind, name })
    }
    token = answer[told] ?? undefined
  } while (token !== undefined)
  return found
}

async function withVersions(call: CleaningCall, packages: readonly Made[]): Promise<Made[]> {
  const all: Made[] = []
  for (const { kind, name } of packages) {
    const { body } = await call('iot', 'ListPackageVersions', { packageName: name })
    const { packageVersionSummaries = [] } = body as JsonObject
    for (const { versionName } of packageVersionSummaries as readonly JsonObject[]) {
      all.push({ kind: 'package version', name: `${name}/${String(versionName)}` })
    }
    all.push({ kind, name })
  }
  return all
}

async function withPrincipals(call: CleaningCall, thing: Made): Promise<Leftover> {
  const { name: thingName } = thing
  const { body } = await call('iot', 'ListThingPrincipals', { thingName })
  const { principals = [] } = body as JsonObject
  const before = (principals as readonly string[]).map(
    (principal) => ['DetachThingPrincipal', { thingName, principal }] as const,
  )
  return { ...thing, before }
}

/** Certificates that runs made: attached to their policies, or made and not attached any more. */
async function certificatesOf(
  call: CleaningCall,
  policies: readonly Made[],
  prefix: string,
): Promise<readonly Leftover[]> {
  const attached = new Map<string, Leftover['before']>()
  for (const { name: policyName } of policies) {
    const { body } = await call('iot', 'ListTargetsForPolicy', { policyName })
    const { targets = [] } = body as JsonObject
    for (const target of targets as readonly string[]) {
      const [, id] = target.split(':cert/')
      if (id === undefined) continue
      attached.set(id, [...(attached.get(id) ?? []), ['DetachPolicy', { policyName, target }]])
    }
  }
  const found: Leftover[] = []
  for (const id of new Set([...attached.keys(), ...(await newestCertificates(call))])) {
    const { body } = await call('iot', 'DescribeCertificate', { certificateId: id })
    const { certificatePem } = ((body as JsonObject)['certificateDescription'] ?? {}) as JsonObject
    if (!isOf(String(certificatePem), `${prefix}-verify`)) continue
    found.push({ kind: 'certificate', name: id, before: attached.get(id) ?? [] })
  }
  return found
}

/** Ids of the certificates of the last day, the newest first. */
async function newestCertificates(call: CleaningCall): Promise<readonly string[]> {
  const { body } = await call('iot', 'ListCertificates', {
    pageSize: STRAY_CERTIFICATES_MAX,
    ascendingOrder: false,
  })
  const { certificates = [] } = body as JsonObject
  const dayAgo = Date.now() / 1000 - DAY_SECONDS
  return (certificates as readonly JsonObject[])
    .filter(({ creationDate }) => typeof creationDate !== 'number' || creationDate > dayAgo)
    .map(({ certificateId }) => String(certificateId))
}

function isOf(pem: string, commonName: string): boolean {
  try {
    return new X509Certificate(pem).subject.split('\n').includes(`CN=${commonName}`)
  } catch {
    return false
  }
}
