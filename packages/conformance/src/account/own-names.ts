/**
 * Names of its own in an account of others: what a scenario calls `T1` is made as `PREFIX-run-S07-T1`
 * there, and what comes back is read as if it were `T1`. Pure text in both directions.
 */
import type { Json, JsonObject } from '../scenario-format.ts'

/** Whose account it really is; scenarios are written for the account of {@link WRITTEN_FOR}. */
export interface AccountPlace {
  readonly partition: string
  readonly region: string
  readonly accountId: string
}

/** The account that ARNs in files of scenarios name. */
export const WRITTEN_FOR: AccountPlace = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
}

/** Members of requests that name a resource, and how long such a name may be. */
const LENGTH_MAX: Readonly<Record<string, number>> = {
  jobId: 64,
  jobTemplateId: 64,
  otaUpdateId: 128,
  packageName: 128,
  parentGroupName: 128,
  policyName: 128,
  streamId: 128,
  thingGroupName: 128,
  thingName: 128,
  thingTypeName: 128,
}
/** The kinds of resource in ARNs that are named so. */
const KINDS = 'job|jobtemplate|otaupdate|package|policy|stream|thing|thinggroup|thingtype'
const ARN = new RegExp(`^(arn:[a-z-]+:iot:[a-z0-9-]+:[0-9]+:(?:${KINDS}))/([^/]+)(/.*)?$`, 's')
/** A package in the placeholders of a job's document. */
const PACKAGE = /(\$\{aws:iot:package:)([^:}]+)/g
/** Shortest `clientToken` with a part that can be another in each run. */
const TOKEN_LENGTH_MIN = 36

/** Whether a request's member of this name names a resource. */
export function isNaming(member: string): boolean {
  return Object.hasOwn(LENGTH_MAX, member)
}

/** The names of one scenario. */
export class OwnNames {
  /** Every name of its own begins so: the prefix, the run, the scenario. */
  readonly head: string
  readonly #place: AccountPlace
  /** What was cut to fit, by the name that was made of it. */
  readonly #cut = new Map<string, string>()
  readonly #known = new Set<string>()

  constructor(head: string, place: AccountPlace) {
    this.head = head
    this.#place = place
  }

  /** A name as the account knows it. Reserved ones (`$next`) and none at all stay as they are. */
  own(name: string, lengthMax = 128): string {
    if (name === '' || name.startsWith('$') || name.startsWith(this.head)) return name
    this.#known.add(name)
    const made = this.head + name
    if (made.length <= lengthMax || name.length > lengthMax) return made
    const cut = this.head + name.slice(this.head.length)
    this.#cut.set(cut, name)
    return cut
  }

  /** The arguments of a request, with names and ARNs of its own. */
  out(args: JsonObject): JsonObject {
    const own = this.#outMember('', args) as JsonObject
    const token = own['clientToken']
    if (typeof token !== 'string' || token.length < TOKEN_LENGTH_MIN) return own
    // Services remember a token for hours: a second run must not be answered with the first.
    const run = this.head.replaceAll(/[^a-zA-Z0-9-]/g, '-')
    return { ...own, clientToken: (run + token).slice(0, 64) }
  }

  /** A topic or filter: its thing, and its job or stream where that is one of this scenario. */
  topic(topic: string): string {
    const levels = topic.split('/')
    const [root, things, thing, service, id] = levels
    if (root !== '$aws' || things !== 'things' || thing === undefined) return topic
    levels[2] = this.own(thing)
    const isNamed = (service === 'jobs' || service === 'streams') && id !== undefined
    if (isNamed && this.#known.has(id)) levels[4] = this.own(id, service === 'jobs' ? 64 : 128)
    return levels.join('/')
  }

  /** The path of a request that a device makes: its thing's. */
  path(path: string): string {
    return path.replace(/^(\/things\/)([^/?]+)/, (_path, start: string, thing: string) => {
      return start + encodeURIComponent(this.own(decodeURIComponent(thing)))
    })
  }

  /** What the account said, as a scenario expects it. */
  back(value: Json): Json {
    if (typeof value === 'string') return this.backText(value)
    if (Array.isArray(value)) return value.map((entry: Json) => this.back(entry))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.backText(name), this.back(member)]),
    )
  }

  /** The same for a text. */
  backText(text: string): string {
    let read = text
    for (const [cut, name] of this.#cut) read = read.replaceAll(cut, name)
    const { partition, region, accountId } = this.#place
    return read
      .replaceAll(this.head, '')
      .replaceAll(
        `arn:${partition}:iot:${region}:`,
        `arn:${WRITTEN_FOR.partition}:iot:${WRITTEN_FOR.region}:`,
      )
      .replaceAll(accountId, WRITTEN_FOR.accountId)
  }

  /** Whether a text speaks of something of this scenario. */
  isOwn(text: string): boolean {
    return text.includes(this.head) || [...this.#cut.keys()].some((cut) => text.includes(cut))
  }

  #outMember(member: string, value: Json): Json {
    if (Array.isArray(value)) return value.map((entry: Json) => this.#outMember(member, entry))
    if (typeof value === 'string') {
      const lengthMax = isNaming(member) ? LENGTH_MAX[member] : undefined
      return lengthMax === undefined ? this.#text(value) : this.own(value, lengthMax)
    }
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
    if (value instanceof Date) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, this.#outMember(name, entry)]),
    )
  }

  #text(text: string): string {
    return this.#arn(text).replaceAll(
      PACKAGE,
      (_placeholder, start: string, name: string) => start + this.own(name),
    )
  }

  #arn(text: string): string {
    const match = ARN.exec(text)
    const [, resource = '', name = '', rest = ''] = match ?? []
    const { partition, region, accountId } = this.#place
    const start = `arn:${partition}:iot:${region}:`
    const there = (match === null ? text : `${resource}/${this.own(name)}${rest}`).replace(
      `arn:${WRITTEN_FOR.partition}:iot:${WRITTEN_FOR.region}:`,
      start,
    )
    return match === null ? there : there.replace(WRITTEN_FOR.accountId, accountId)
  }
}
