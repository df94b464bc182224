/**
 * From an HTTP request to an operation's input: path, query, header, payload and body members in
 * the SDK's names and types, checked against their constraints.
 */
import { jsonObject } from './json-object.ts'
import { accept, invalidRequest, refuse, type Outcome, type Refused } from '@muster/model'
import type { NormalizedSchema } from '@smithy/core/schema'
import {
  checkLength,
  inClauseOrder,
  missing,
  requiredMembers,
  type Reader,
  type ReaderCompiler,
} from './reader.ts'
import { inputException, showsValues } from './constraints/dialect.ts'
import type { OperationSchema } from './sdk-schemas.ts'
import type { AwsService } from './service.ts'
import { refuseViolations, type Violation } from './violation.ts'

/** What of a request an operation's input is read from. */
export interface InputSource {
  readonly labels: Readonly<Record<string, string>>
  /** Decoded once. */
  readonly query: ReadonlyMap<string, readonly string[]>
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** Reads the input of one operation. */
export type InputReader = (source: InputSource) => Outcome<Readonly<Record<string, unknown>>>

interface Binding {
  readonly name: string
  readonly place: 'label' | 'query' | 'header' | 'payload' | 'body'
  /** Name on the wire. */
  readonly wireName: string
  readonly required: boolean
  readonly isNumber: boolean
  readonly read: Reader
  /** From wire text to the JSON value that `read` takes. */
  readonly fromText: (text: string) => unknown
  readonly payload: ((body: Uint8Array) => unknown) | undefined
}

/**
 * Compiles the input side of an operation.
 *
 * The reader refuses with the operation's exception for input that breaks a constraint or has a
 * wrong type, and with {@link badBody} for a body that is no JSON object.
 */
export function compileInput(operation: OperationSchema, compiler: ReaderCompiler): InputReader {
  if (!operation.input.isStructSchema()) return () => accept({})
  const bindings = bindingsOf(operation.input, compiler)
  const withValues = showsValues(operation.name)
  const code = inputException(operation.name)
  const hasBody = bindings.some(({ place }) => place === 'body')
  return (source) => {
    let body: Readonly<Record<string, unknown>> = {}
    if (hasBody && source.body.length > 0) {
      const parsed = jsonObject(source.body)
      if (parsed === undefined) return badBody(operation.service)
      body = parsed
    }
    const violations: Violation[] = []
    const input: Record<string, unknown> = {}
    for (const binding of bindings) {
      const value = rawValue(binding, source, body)
      if (binding.isNumber && binding.place !== 'body' && typeof value === 'string') {
        if (binding.place === 'label') return unreadableNumber(value)
        if (!withValues) return invalidRequest('The request is not valid.')
      }
      if (value === undefined || value === null) {
        if (binding.required) violations.push(missing(binding.name))
        continue
      }
      input[binding.name] = binding.read(value, binding.name, violations)
    }
    if (violations.length > 0) return refuseViolations(code, violations, withValues)
    return accept(input)
  }
}

/**
 * The answer to a body that is no JSON object: on the control plane what AWS's REST-JSON front
 * end says, on the data planes the one exception their models have for bad requests.
 */
export function badBody(service: AwsService): Outcome<never> {
  const message = 'The request body must be a JSON object'
  return refuse(service === 'iot' ? 'SerializationException' : 'InvalidRequestException', message)
}

/** A number in the path that is none: the request cannot be read (gateway G133). */
function unreadableNumber(text: string): Refused {
  return refuse('SerializationException', `'${text}' in the path is not a number`)
}

function bindingsOf(input: NormalizedSchema, compiler: ReaderCompiler): readonly Binding[] {
  const required = requiredMembers(input)
  const bindings: Binding[] = []
  for (const [name, member] of inClauseOrder(input)) {
    const traits = member.getMergedTraits()
    const constraint = compiler.constraintOf(input, name)
    const place = placeOf(traits)
    bindings.push({
      name,
      place,
      wireName: traits.httpHeader ?? traits.httpQuery ?? name,
      required: required.has(name) || constraint.required === true,
      isNumber: member.isNumericSchema(),
      read:
        place === 'payload' && member.isBlobSchema()
          ? payloadReader(constraint)
          : compiler.compile(member, constraint),
      fromText: fromTextOf(member, place),
      payload: place === 'payload' ? payloadOf(member) : undefined,
    })
  }
  return bindings
}

function placeOf(traits: ReturnType<NormalizedSchema['getMergedTraits']>): Binding['place'] {
  if (traits.httpLabel) return 'label'
  if (traits.httpQuery !== undefined) return 'query'
  if (traits.httpHeader !== undefined) return 'header'
  if (traits.httpPayload) return 'payload'
  return 'body'
}

function payloadReader(constraint: Parameters<typeof checkLength>[3]): Reader {
  return (value, path, violations) => {
    const bytes = value as Uint8Array
    checkLength(bytes.length, () => `${bytes.length} bytes`, path, constraint, violations)
    return bytes
  }
}

function payloadOf(member: NormalizedSchema): (body: Uint8Array) => unknown {
  if (member.isBlobSchema()) return (body) => body
  return (body) => (body.length === 0 ? undefined : (jsonObject(body) ?? 'not a JSON object'))
}

function rawValue(
  binding: Binding,
  source: InputSource,
  body: Readonly<Record<string, unknown>>,
): unknown {
  switch (binding.place) {
    case 'label':
      return textValue(binding, source.labels[binding.wireName])
    case 'query':
      return textValue(binding, source.query.get(binding.wireName)?.[0])
    case 'header': {
      const header = source.headers[binding.wireName.toLowerCase()]
      return textValue(binding, typeof header === 'string' ? header : header?.join(','))
    }
    case 'payload':
      return binding.payload?.(source.body)
    case 'body':
      return Object.hasOwn(body, binding.name) ? body[binding.name] : undefined
  }
}

function textValue(binding: Binding, text: string | undefined): unknown {
  return text === undefined ? undefined : binding.fromText(text)
}

/** Text that does not convert stays text, so that the reader notes its wrong type. */
function fromTextOf(member: NormalizedSchema, place: Binding['place']): (text: string) => unknown {
  if (member.isNumericSchema()) return numberOrText
  if (member.isTimestampSchema()) return timeOrText
  if (member.isBooleanSchema()) return booleanOrText
  // Headers of JSON media type travel in base64 (gateway G60).
  if (place === 'header' && member.getMergedTraits().mediaType === 'application/json') {
    return (text) => Buffer.from(text, 'base64').toString('utf8')
  }
  return (text) => text
}

function numberOrText(text: string): unknown {
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : text
}

function timeOrText(text: string): unknown {
  const number = numberOrText(text)
  if (typeof number === 'number') return number
  const ms = /^\d{4}-\d\d-\d\d[T ]/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? text : ms / 1000
}

function booleanOrText(text: string): unknown {
  const lower = text.toLowerCase()
  if (lower === 'true') return true
  return lower === 'false' ? false : text
}
