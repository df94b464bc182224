/**
 * Every operation of the three services, random inputs and outputs: what an unmodified SDK client
 * sends is what the handler gets, and what the handler gives is what the client gets.
 */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { AwsProtocol } from '../src/protocol.ts'
import { parseQuery } from '../src/percent.ts'
import { operationsOf, type OperationSchema } from '../src/sdk-schemas.ts'
import { sendOver, type Wire } from './captured-client.ts'
import { anyValue } from './schema-values.ts'

const unconstrained = new AwsProtocol({ iot: {}, iotdata: {}, 'iot-jobs-data': {} })
const services = ['iot', 'iotdata', 'iot-jobs-data'] as const
const operations = services.flatMap((service) => operationsOf(service))

/** What the server makes of a request, and the answer it gives. */
function serve(operation: OperationSchema, output: object, seen: (input: unknown) => void): Wire {
  return (request) => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(request.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value ?? '']) query.append(name, one)
    }
    const decoded = parseQuery(query.toString().replaceAll('+', '%20')) ?? new Map()
    const match = unconstrained.match(operation.service, request.method, request.path, decoded)
    if (match.kind !== 'operation') throw new Error(`${match.kind} for ${request.path}`)
    expect(match.operation.name).toBe(operation.name)
    const codec = unconstrained.codec(match.operation)
    const { body, headers } = request
    const input = codec.readInput({
      labels: match.labels,
      query: decoded,
      headers,
      body: typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array(0)),
    })
    seen(input.ok ? input.value : input.error)
    return codec.writeOutput(output, 'request-id')
  }
}

/** Header bytes travel as Latin-1 and event streams not at all; those operations are not served. */
const unserved = new Set(['CreateTopicRule', 'DeleteCommand'])

it.for(
  operations.filter(({ name }) => !unserved.has(name)).map((o) => [o.service, o.name, o] as const),
)('design 2: %s %s round-trips', async ([, , operation]) => {
  const { input, output } = operation
  const inputs = input.isStructSchema() ? anyValue(input, 'input') : fc.constant({})
  const outputs = output.isStructSchema() ? anyValue(output, 'output') : fc.constant({})
  await fc.assert(
    fc.asyncProperty(inputs, outputs, async (sent, given) => {
      let got: unknown
      const received = await sendOver(
        serve(operation, given as object, (value) => (got = value)),
        operation,
        sent as object,
      )
      expect(withoutTokens(operation, got)).toEqual(withoutTokens(operation, sent))
      const { $metadata, ...members } = received as Record<string, unknown>
      expect($metadata).toMatchObject({ requestId: 'request-id' })
      expect(withoutNothing(members)).toEqual(withoutNothing(withTrace(operation, given as object)))
    }),
    { numRuns: 3 },
  )
})

/** Clients fill idempotency tokens in. */
function withoutTokens({ input }: OperationSchema, value: unknown): unknown {
  const rest = { ...(value as Record<string, unknown>) }
  for (const [name, member] of input.isStructSchema() ? input.structIterator() : []) {
    if (member.isIdempotencyToken()) delete rest[name]
  }
  return withoutNothing(rest)
}

function withTrace({ service }: OperationSchema, output: object): object {
  return service === 'iotdata' && 'message' in output
    ? { ...output, traceId: 'request-id' }
    : output
}

/** On the wire an empty payload and none are the same. */
function withoutNothing(value: object): object {
  const entries = Object.entries(value).filter(([name, member]) => {
    const size: unknown = member instanceof Uint8Array ? member.length : member
    return name !== 'payload' || (size !== 0 && size !== null && size !== undefined)
  })
  return Object.fromEntries(
    // The SDK's payloads are arrays of a class of their own.
    entries.map(([name, member]) => [
      name,
      member instanceof Uint8Array ? new Uint8Array(member) : (member as unknown),
    ]),
  )
}
