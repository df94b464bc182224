/**
 * Contexts in which a case is tried: usual names, names that stand in policies, names that a pattern
 * would need.
 */
import { coversAction } from '../compile/compiled-policy.ts'
import type { SetStatement } from '../compile/policy-set.ts'
import type { ContextValue } from '../decide/context-value.ts'
import type { VectorContext } from '../vectors/vector-context.ts'
import { setKey } from './context-keys.ts'
import type { DeviceCase, KnownDevice } from './device-case.ts'
import type { SymbolicText } from './pattern.ts'
import type { ProvenAccount } from './policy-pattern.ts'
import type { DeviceKind, RequestSet } from './property.ts'
import { neededValues } from './needed-values.ts'

/** A context and the thing of its device. */
export interface TriedContext {
  readonly context: VectorContext
  readonly own: string | undefined
}

/** Contexts of one case. */
const contextsMax = 32

/** What contexts are for. */
export interface ContextQuestion {
  readonly account: ProvenAccount
  readonly action: string
  readonly set: RequestSet
  readonly known?: KnownDevice | undefined
}

/** Contexts to try, the simplest first. */
export function* contexts(
  question: ContextQuestion,
  statements: readonly SetStatement[],
  one: DeviceCase,
): Iterable<TriedContext> {
  const about = statements.filter(({ statement }) => coversAction(statement, question.action))
  const needed = neededValues(question, about, one)
  const choices = one.symbolSamples.map((samples, symbol) => {
    const wanted = needed.map((values) => values.get(symbol)).filter((value) => value !== undefined)
    return [...new Set([...samples.slice(0, 1), ...wanted, ...samples.slice(1)])].slice(0, 24)
  })
  const keys = [...one.keySamples].map(([key, samples]) => [key, samples.slice(0, 3)] as const)
  let count = 0
  for (const values of combinations(choices)) {
    const own = written(one.own, values)
    const client = written(one.client, values)
    if (one.kind !== 'attached' && client !== undefined && own === client) continue
    for (const keyValues of combinations(keys.map(([, samples]) => samples))) {
      if (count >= contextsMax) return
      count += 1
      const context = base(one.kind, own, client)
      let sayable = true
      for (const [index, [key]] of keys.entries()) {
        sayable = setKey(context, key, keyValues[index], question.account) && sayable
      }
      for (const [key, symbol] of one.symbolKeys) {
        sayable = setKey(context, key, values[symbol], question.account) && sayable
      }
      for (const [key, value] of one.grantedKeys) {
        sayable = setKey(context, key, written(value, values), question.account) && sayable
      }
      if (sayable) yield { context: { ...context, ...knownFields(question.known, one.kind) }, own }
    }
  }
}

function base(
  kind: DeviceKind,
  own: string | undefined,
  client: string | undefined,
): Record<string, unknown> & VectorContext {
  return {
    protocol: kind.startsWith('https') ? 'https' : 'mqtt',
    ...(client === undefined ? {} : { clientId: client }),
    ...(own === undefined ? {} : { thingName: own, thingAttached: true }),
    ...(kind === 'exclusive' ? { exclusive: true } : {}),
  }
}

function knownFields(known: KnownDevice | undefined, kind: DeviceKind): VectorContext {
  if (known === undefined) return {}
  const { thingTypeName, attributes, certificateId, keys } = known
  const thing = kind === 'attached' || kind === 'exclusive'
  return {
    ...keys,
    ...(certificateId === undefined ? {} : { certificate: { id: certificateId } }),
    ...(thing && thingTypeName !== undefined ? { thingTypeName } : {}),
    ...(thing && attributes !== undefined ? { thingAttributes: attributes } : {}),
  }
}

/** A symbolic value with the symbols' values in it. */
function written(
  value: SymbolicText | undefined,
  symbols: readonly (string | undefined)[],
): string | undefined {
  return value
    ?.map((piece) => (piece.type === 'text' ? piece.text : (symbols[piece.symbol] ?? '')))
    .join('')
}

/** One of each list, changing the last first; an empty list is a value that is not there. */
function* combinations<Value extends ContextValue>(
  lists: readonly (readonly Value[])[],
): Iterable<readonly (Value | undefined)[]> {
  const [first, ...rest] = lists
  if (first === undefined) {
    yield []
    return
  }
  for (const value of first.length === 0 ? [undefined] : first) {
    for (const others of combinations(rest)) yield [value, ...others]
  }
}
