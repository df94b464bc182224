/**
 * Device shadows without a wire: requests and the time in, answers and messages out.
 */
import type {
  DeleteThingShadowRequest,
  GetThingShadowRequest,
  ListNamedShadowsForThingRequest,
  ListNamedShadowsForThingResponse,
  UpdateThingShadowRequest,
} from '@aws-sdk/client-iot-data-plane'
import { accept, invalidRequest, keyOfPageToken, pageToken, type Outcome } from '@muster/model'
import { deltaOf } from './delta.ts'
import { EMPTY_DOCUMENT, merged, readMetadata, stampsOf, type ShadowDocument } from './document.ts'
import { isObject, readJson, writeJson } from './json-node.ts'
import {
  deletedMessage,
  deltaMessage,
  documentsMessage,
  gotMessage,
  rejectedMessage,
  updatedMessage,
  type Stamp,
} from './messages.ts'
import { mqttCode, noShadow, refusals, STATE_BYTES_MAX } from './refusals.ts'
import { isLive, type LiveShadow, type ShadowState } from './shadow-state.ts'
import {
  parseShadowTopic,
  shadowTopic,
  type ShadowName,
  type ShadowRequest,
  type ShadowTopic,
} from './topics.ts'
import { checkUpdate, readPayload, type ReadPayload } from './update-request.ts'

/** A message to publish at QoS 1, not retained (neighbours N10). */
export interface ShadowMessage {
  readonly topic: string
  /** JSON text. */
  readonly payload: string
}

/** AWS's names of the requests. */
export type ShadowOperation = 'GetThingShadow' | 'UpdateThingShadow' | 'DeleteThingShadow'

/** What the rules need from the rest of a server. */
export interface ShadowPorts {
  readonly state: ShadowState
  /** Ordinary broker messages (neighbours N9), in their order. */
  readonly publish: (message: ShadowMessage) => void
  /** Told after a shadow came to be, changed or went. */
  readonly changed?: (name: ShadowName) => void
  /** Whether a request over MQTT is above its rate (neighbours N41); counts it when it is not. */
  readonly throttled?: (operation: ShadowOperation, name: ShadowName) => boolean
  /** Told of a request over MQTT that threw: a bug, or damaged data. It is rejected with 500. */
  readonly failed?: (cause: unknown) => void
}

/** What became of a request over MQTT; its answer was published. */
export interface AnsweredRequest extends ShadowName {
  readonly operation: ShadowOperation
  /** As over HTTPS: 200, or the number of the rejection. */
  readonly status: number
  /** Present where it was rejected. */
  readonly rejected?: { readonly code: string; readonly message: string }
}

/** The answer of an operation over HTTPS. */
export interface ShadowAnswer {
  /** JSON in UTF-8: the message of the accepted topic (neighbours N14). */
  readonly payload: Uint8Array
}

/** Takes the publishes of clients to one topic. */
export type ShadowCall = (payload: Uint8Array, nowMs: number) => AnsweredRequest

const OPERATIONS: Readonly<Record<ShadowRequest, ShadowOperation>> = {
  get: 'GetThingShadow',
  update: 'UpdateThingShadow',
  delete: 'DeleteThingShadow',
}

/** How long a deleted shadow's versions go on (neighbours N23). */
const VERSION_KEPT_MS = 48 * 3_600_000
/** Names on a page whose size is not said. */
const PAGE_SIZE = 25

/** Applies requests to a state. Synchronous; every change is told by messages. */
export class ShadowEngine {
  readonly #ports: ShadowPorts

  constructor(ports: ShadowPorts) {
    this.#ports = ports
  }

  /**
   * What clients call by publishing to a topic, which is read here once.
   *
   * @returns undefined for a topic that is no request
   */
  mqttCall(topic: string): ShadowCall | undefined {
    const parsed = parseShadowTopic(topic)
    if (parsed === undefined) return undefined
    return (payload, nowMs) => this.#answer(parsed, payload, nowMs)
  }

  /** ResourceNotFoundException. */
  getThingShadow(input: GetThingShadowRequest, nowMs: number): Outcome<ShadowAnswer> {
    return asPayload(this.#get(nameIn(input), stampAt(nowMs)))
  }

  /** Publishes what an update over MQTT does (neighbours N16); a refusal tells nobody. */
  updateThingShadow(input: UpdateThingShadowRequest, nowMs: number): Outcome<ShadowAnswer> {
    const payload = readPayload(input.payload ?? new Uint8Array())
    return asPayload(this.#update(nameIn(input), payload, nowMs))
  }

  /** ResourceNotFoundException. */
  deleteThingShadow(input: DeleteThingShadowRequest, nowMs: number): Outcome<ShadowAnswer> {
    return asPayload(this.#delete(nameIn(input), stampAt(nowMs), nowMs))
  }

  /** neighbours N14; the classic one has no name. InvalidRequestException for a bad token. */
  listNamedShadowsForThing(
    input: ListNamedShadowsForThingRequest,
    nowMs: number,
  ): Outcome<ListNamedShadowsForThingResponse> {
    const { thingName = '', nextToken, pageSize = PAGE_SIZE } = input
    const list = `shadows ${thingName}`
    const after = nextToken === undefined ? '' : keyOfPageToken(list, nextToken)
    if (after === undefined) return invalidRequest(`Invalid nextToken '${nextToken}'`)
    const found = this.#ports.state.names(thingName, after, pageSize + 1)
    const results = found.slice(0, pageSize)
    const last = found.length > pageSize ? results.at(-1) : undefined
    const timestamp = seconds(nowMs)
    if (last === undefined) return accept({ results, timestamp })
    return accept({ results, nextToken: pageToken(list, last), timestamp })
  }

  #answer({ request, ...name }: ShadowTopic, bytes: Uint8Array, nowMs: number): AnsweredRequest {
    const operation = OPERATIONS[request]
    const payload = readPayload(bytes)
    const answer = this.#attempt(() => this.#apply(request, name, bytes, payload, nowMs))
    if (answer.ok) {
      // What changed something has published its own answer, before what follows from it.
      if (request === 'get') this.#publish(name, 'get/accepted', answer.value)
      return { operation, ...name, status: 200 }
    }
    const { code, message } = answer.error
    this.#publish(name, `${request}/rejected`, rejectedMessage(answer.error, payload.clientToken))
    return { operation, ...name, status: mqttCode(code), rejected: { code, message } }
  }

  #attempt(apply: () => Outcome<string>): Outcome<string> {
    try {
      return apply()
    } catch (cause) {
      this.#ports.failed?.(cause)
      return refusals.failure
    }
  }

  #apply(
    request: ShadowRequest,
    name: ShadowName,
    bytes: Uint8Array,
    payload: ReadPayload,
    nowMs: number,
  ): Outcome<string> {
    if (this.#ports.throttled?.(OPERATIONS[request], name) === true) return refusals.rate
    if (request === 'update') return this.#update(name, payload, nowMs)
    const stamp = { ...stampAt(nowMs), clientToken: payload.clientToken }
    // neighbours N32: of what a delete carries only the token is looked at.
    if (request === 'delete') return this.#delete(name, stamp, nowMs)
    return bytes.length > 0 && !payload.body.ok ? payload.body : this.#get(name, stamp)
  }

  #get(name: ShadowName, stamp: Stamp): Outcome<string> {
    const kept = this.#ports.state.get(name.thingName, name.shadowName)
    if (!isLive(kept)) return noShadow(name.thingName, name.shadowName)
    return accept(gotMessage(kept, stamp))
  }

  #update(name: ShadowName, { body, clientToken }: ReadPayload, nowMs: number): Outcome<string> {
    if (!body.ok) return body
    const checked = checkUpdate(body.value, name.shadowName)
    if (!checked.ok) return checked
    const { wanted, version } = checked.value
    const { state } = this.#ports
    const kept = state.get(name.thingName, name.shadowName)
    const previous = isLive(kept) ? kept : undefined
    if (version !== undefined && BigInt(version) !== BigInt(previous?.version ?? -1)) {
      return refusals.conflict // neighbours N21, N22
    }
    const stamp = { atSeconds: seconds(nowMs), clientToken }
    const document = merged(documentOf(previous), wanted, stamp.atSeconds)
    const written = writeJson(document.state)
    if (isTooLarge(written)) return refusals.size
    const delta = deltaOf(document)
    const current: LiveShadow = {
      version: previous === undefined ? firstVersion(kept, nowMs) : previous.version + 1,
      state: written,
      metadata: writeJson(document.metadata),
      delta: delta && writeJson(delta.state),
    }
    state.put(name.thingName, name.shadowName, current)
    const accepted = updatedMessage(
      writeJson(wanted),
      writeJson(stampsOf(wanted, stamp.atSeconds)),
      current.version,
      stamp,
    )
    this.#publish(name, 'update/accepted', accepted)
    if (delta !== undefined) {
      this.#publish(name, 'update/delta', deltaMessage(delta, current.version, stamp))
    }
    this.#publish(name, 'update/documents', documentsMessage(previous, current, stamp))
    this.#ports.changed?.(name)
    return accept(accepted)
  }

  #delete(name: ShadowName, stamp: Stamp, nowMs: number): Outcome<string> {
    const { state } = this.#ports
    const kept = state.get(name.thingName, name.shadowName)
    if (!isLive(kept)) return noShadow(name.thingName, name.shadowName)
    state.forgetDeleted(nowMs - VERSION_KEPT_MS)
    const { version } = kept
    state.put(name.thingName, name.shadowName, { version, deletedAtMs: nowMs })
    const accepted = deletedMessage(version, stamp)
    this.#publish(name, 'delete/accepted', accepted)
    this.#ports.changed?.(name)
    return accept(accepted)
  }

  #publish(name: ShadowName, answer: string, payload: string): void {
    this.#ports.publish({ topic: `${shadowTopic(name)}/${answer}`, payload })
  }
}

/** neighbours N23: the deletion was a version too. */
function firstVersion(
  deleted: { readonly version: number; readonly deletedAtMs?: number } | undefined,
  nowMs: number,
): number {
  if (deleted?.deletedAtMs === undefined) return 1
  return nowMs - deleted.deletedAtMs < VERSION_KEPT_MS ? deleted.version + 2 : 1
}

function documentOf(shadow: LiveShadow | undefined): ShadowDocument {
  if (shadow === undefined) return EMPTY_DOCUMENT
  const read = readJson(shadow.state)
  const state = typeof read === 'string' ? undefined : read.node
  const metadata = readMetadata(shadow.metadata)
  if (metadata === undefined || !isObject(state)) {
    throw new Error(`a kept shadow is damaged: ${shadow.state.slice(0, 80)}`)
  }
  return { state, metadata }
}

function isTooLarge(state: string): boolean {
  if (state.length * 3 <= STATE_BYTES_MAX) return false
  return new TextEncoder().encode(state).length > STATE_BYTES_MAX
}

function nameIn(input: {
  readonly thingName?: string | undefined
  readonly shadowName?: string | undefined
}): ShadowName {
  return { thingName: input.thingName ?? '', shadowName: input.shadowName ?? '' }
}

function stampAt(nowMs: number): Stamp {
  return { atSeconds: seconds(nowMs), clientToken: undefined }
}

function seconds(nowMs: number): number {
  return Math.floor(nowMs / 1000)
}

function asPayload(outcome: Outcome<string>): Outcome<ShadowAnswer> {
  if (!outcome.ok) return outcome
  return accept({ payload: new TextEncoder().encode(outcome.value) })
}
