/**
 * Fields of shadows in the index `AWS_Things` (neighbours N45 to N47, N49): classic ones while things
 * are indexed with their shadow, named ones while the filter names them.
 */
import type { ThingShadow } from '../state/ports.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { IndexingRecord } from '../state/settings-state.ts'
import type { ValueTest } from './match-query.ts'

/** The reserved shadow of what is installed, indexed with or without being named (neighbours N75). */
export const PACKAGE = '$package'
/** How many packages it reports. */
const TOTAL_COUNT = 'totalCount'
/** In the place of a package's name: any of them. */
const ANY_PACKAGE = '*.'

/** The name under which a thing's classic shadow is asked for. */
export const CLASSIC = ''

/** A field of a shadow, taken apart. */
export interface ShadowField {
  /** Empty for the classic one. */
  readonly shadowName: string
  readonly part: 'desired' | 'reported' | 'delta' | 'metadata' | 'hasDelta' | 'version'
  /** Names of members, joined by dots; empty for the last two parts. */
  readonly path: string
}

const CLASSIC_FIELD = /^shadow\.(?:(desired|reported|delta|metadata)\.(.+)|(hasDelta|version))$/s
const NAMED_FIELD = /^shadow\.name\.([^.]+)\.(?:(desired|reported)\.(.+)|(hasDelta|version))$/s

/** @returns undefined for a name that is no field of a shadow */
export function shadowField(name: string): ShadowField | undefined {
  const classic = CLASSIC_FIELD.exec(name)
  const [shadowName = CLASSIC, part, path = '', whole] =
    classic === null ? (NAMED_FIELD.exec(name)?.slice(1) ?? []) : [CLASSIC, ...classic.slice(1)]
  const found = part ?? whole
  if (found === undefined) return undefined
  return { shadowName, part: found as ShadowField['part'], path }
}

/** Whether a name with a `*` in it is a field all the same: any package's (neighbours N75). */
export function isAnyPackageField(name: string): boolean {
  return /^shadow\.name\.\$package\.reported\.\*\.(?:version|attributes\.[^*?]+)$/.test(name)
}

/** Whether a field holds versions of packages, which are texts without an order (neighbours N75). */
export function isPackageVersion(name: string): boolean {
  const field = shadowField(name)
  return (
    field?.shadowName === PACKAGE &&
    field.part === 'reported' &&
    /^(?!.*\.attributes\.).+\.version$/s.test(field.path)
  )
}

/** A shadow as the index sees it; its texts are read when they are asked for. */
export class IndexedShadow {
  readonly record: ThingShadow
  readonly #read = new Map<string, unknown>()

  constructor(record: ThingShadow) {
    this.record = record
  }

  /** Whether any value of a part of it passes. */
  some({ part, path, shadowName }: ShadowField, test: ValueTest): boolean {
    if (part === 'version') return test(this.record.version)
    if (part === 'hasDelta') return test(String(this.record.delta !== undefined))
    const node = this.#part(part)
    if (shadowName !== PACKAGE || part !== 'reported') return someBelow(node, path, test)
    const packages = Object.values((node ?? {}) as Readonly<Record<string, unknown>>)
    if (path === TOTAL_COUNT) return test(packages.length)
    if (!path.startsWith(ANY_PACKAGE)) return someBelow(node, path, test)
    return packages.some((one) => someBelow(one, path.slice(ANY_PACKAGE.length), test))
  }

  #part(part: 'desired' | 'reported' | 'delta' | 'metadata'): unknown {
    const { state, metadata, delta = '{}' } = this.record
    if (part === 'metadata') return this.#parsed('metadata', metadata)
    if (part === 'delta') return this.#parsed('delta', delta)
    return (this.#parsed('state', state) as Readonly<Record<string, unknown>>)[part]
  }

  #parsed(what: string, text: string): unknown {
    const known = this.#read.get(what)
    if (known !== undefined) return known
    const read: unknown = JSON.parse(text)
    this.#read.set(what, read)
    return read
  }
}

/** The shadows of a thing that are indexed, each read once. */
export function shadowsOf(
  state: RegistryState,
  thingName: string,
): (shadowName: string) => IndexedShadow | undefined {
  const { indexing } = state.settings
  const read = new Map<string, IndexedShadow | undefined>()
  return (shadowName) => {
    if (!isShadowIndexed(indexing, shadowName)) return undefined
    if (read.has(shadowName)) return read.get(shadowName)
    const record = state.ports.shadow?.(thingName, shadowName)
    const indexed = record && new IndexedShadow(record)
    read.set(shadowName, indexed)
    return indexed
  }
}

/** Whether shadows of this name are in the index. */
export function isShadowIndexed(indexing: IndexingRecord | undefined, shadowName: string): boolean {
  if (indexing === undefined) return false
  if (shadowName === CLASSIC) return indexing.thingIndexingMode === 'REGISTRY_AND_SHADOW'
  return namedShadows(indexing).includes(shadowName)
}

/** Names of named shadows that are indexed. */
export function namedShadows({ thing }: IndexingRecord): readonly string[] {
  if (thing.namedShadowIndexingMode !== 'ON') return []
  return [...new Set([...(thing.filter?.namedShadowNames ?? []), PACKAGE])]
}

/**
 * neighbours N49: all indexed shadows of a thing as one JSON text, numbers as they were sent.
 *
 * @returns undefined when there is none
 */
export function shadowsText(
  { settings: { indexing } }: RegistryState,
  shadow: (shadowName: string) => IndexedShadow | undefined,
): string | undefined {
  if (indexing === undefined) return undefined
  const classic = shadow(CLASSIC)
  const named = namedShadows(indexing).flatMap((name) => {
    const found = shadow(name)
    return found === undefined ? [] : [`${JSON.stringify(name)}:{${membersOf(found.record)}}`]
  })
  const parts = [
    ...(classic === undefined ? [] : [membersOf(classic.record)]),
    ...(named.length === 0 ? [] : [`"name":{${named.join(',')}}`]),
  ]
  return parts.length === 0 ? undefined : `{${parts.join(',')}}`
}

function membersOf({ state, metadata, delta, version }: ThingShadow): string {
  const sections = state.slice(1, -1)
  return [
    ...(sections === '' ? [] : [sections]),
    ...(delta === undefined ? [] : [`"delta":${delta}`]),
    `"metadata":${metadata}`,
    `"hasDelta":${delta !== undefined}`,
    `"version":${version}`,
  ].join(',')
}

/** Whether a value at a path passes; a member's name may have dots itself. */
function someBelow(node: unknown, path: string, test: ValueTest): boolean {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return false
  for (const [name, member] of Object.entries(node)) {
    if (name === path && someValue(member, test)) return true
    const isAbove = path.startsWith(name) && path[name.length] === '.'
    if (isAbove && someBelow(member, path.slice(name.length + 1), test)) return true
  }
  return false
}

/** neighbours N47: of a list each simple value; objects, lists in lists and nulls have none. */
function someValue(value: unknown, test: ValueTest): boolean {
  if (Array.isArray(value)) {
    return value.some((entry) => !Array.isArray(entry) && someValue(entry, test))
  }
  if (typeof value === 'number') return test(value)
  if (typeof value === 'boolean') return test(String(value))
  return typeof value === 'string' && test(value)
}
