/**
 * What a client sends: an update with its checks in their order (neighbours N18, N20 to N22, N24, N26,
 * N39), and the token of any request.
 */
import { accept, type Outcome, type Refused } from '@muster/model'
import type { WantedState } from './document.ts'
import { PACKAGE, packageFault } from './package-shadow.ts'
import {
  isList,
  isObject,
  NULL,
  readJson,
  stringOf,
  type JsonNode,
  type JsonObject,
} from './json-node.ts'
import { CLIENT_TOKEN_BYTES_MAX, invalidNode, LEVELS_MAX, refusals } from './refusals.ts'

/** A well-formed update. */
export interface UpdateRequest {
  readonly wanted: WantedState
  /** The version that the shadow must have; undefined: any. */
  readonly version: string | undefined
}

/** A payload as it was read; its token is answered also when the request is refused. */
export interface ReadPayload {
  readonly body: Outcome<JsonObject>
  /** A JSON text, ready to be written. */
  readonly clientToken: string | undefined
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What most gets carry. */
const NOTHING: ReadPayload = { body: refusals.json, clientToken: undefined }

/** Reads bytes that should be a JSON object in UTF-8. */
export function readPayload(payload: Uint8Array): ReadPayload {
  if (payload.length === 0) return NOTHING
  const body = objectIn(payload)
  const token = body.ok ? body.value.get('clientToken') : undefined
  return { body, clientToken: isToken(token) ? token : undefined }
}

/**
 * Checks an update, each part in its turn; what is not yet stored is not looked at.
 *
 * @param shadowName - one name is reserved, and takes only what belongs there
 */
export function checkUpdate(body: JsonObject, shadowName: string): Outcome<UpdateRequest> {
  const state = body.get('state')
  if (state === undefined) return refusals.missingState
  if (state !== NULL && !isObject(state)) return refusals.stateNode
  const wanted = state === NULL ? NULL : state
  const refused =
    sectionFault(wanted) ?? (shadowName === PACKAGE ? packageFault(wanted) : undefined)
  if (refused !== undefined) return refused
  const token = body.get('clientToken')
  if (token !== undefined && token !== NULL && !isToken(token)) return refusals.clientToken
  const version = body.get('version')
  if (version !== undefined && version !== NULL && !isVersion(version)) return refusals.version
  if (isObject(wanted) && levelsOf(wanted) > LEVELS_MAX + 1) return refusals.levels
  return accept({ wanted, version: isVersion(version) ? version : undefined })
}

function objectIn(payload: Uint8Array): Outcome<JsonObject> {
  let text: string
  try {
    text = UTF8.decode(payload)
  } catch {
    return refusals.encoding
  }
  const read = readJson(text)
  if (read === 'malformed') return refusals.json
  if (read === 'too deep') return refusals.levels
  return isObject(read.node) ? accept(read.node) : refusals.json
}

function isToken(node: JsonNode | undefined): node is string {
  const text = stringOf(node)
  return text !== undefined && new TextEncoder().encode(text).length <= CLIENT_TOKEN_BYTES_MAX
}

function isVersion(node: JsonNode | undefined): node is string {
  return typeof node === 'string' && /^\d+$/.test(node)
}

function sectionFault(wanted: WantedState): Refused | undefined {
  if (!isObject(wanted)) return undefined
  for (const [name, section] of wanted) {
    if (name !== 'desired' && name !== 'reported') return invalidNode(name)
    if (section === NULL) continue
    if (!isObject(section)) {
      return name === 'desired' ? refusals.desiredNode : refusals.reportedNode
    }
    const holder = holderOfNull(section)
    if (holder !== undefined) return invalidNode(holder)
  }
  return undefined
}

/** The name of a member whose list has a `null` in it (neighbours N20). */
function holderOfNull(object: JsonObject): string | undefined {
  for (const [name, member] of object) {
    if (isList(member) && hasNull(member)) return name
    const inner = isObject(member) ? holderOfNull(member) : undefined
    if (inner !== undefined) return inner
  }
  return undefined
}

function hasNull(node: JsonNode): boolean {
  if (isList(node)) return node.some((entry) => entry === NULL || hasNull(entry))
  return isObject(node) && [...node.values()].some((member) => !isScalar(member) && hasNull(member))
}

function isScalar(node: JsonNode): boolean {
  return typeof node === 'string'
}

/** How many objects and lists with something in them lie in each other; an empty one is no level. */
function levelsOf(node: JsonNode): number {
  if (typeof node === 'string') return 0
  const members = isList(node) ? node : node.values()
  let deepest = -1
  for (const member of members) deepest = Math.max(deepest, levelsOf(member))
  return deepest + 1
}
