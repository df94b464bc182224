/**
 * Any updates, against a model that is small and obviously right: plain objects, merged and compared
 * by recursion.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readJson, writeJson } from '../src/json-node.ts'
import { shadowWorld } from './shadow-world.ts'

type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain }

const name = fc.constantFrom('a', 'b', '1', 'timestamp', '__proto__', 'ü"')
const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.string({ maxLength: 3 }), fc.constant(1.5))
const member = fc.letrec<{ node: Plain; object: Plain }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc.constant(null),
    fc.array(scalar, { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('node'), { maxKeys: 3, noNullPrototype: false }),
}))
const update = fc.record(
  {
    desired: fc.option(member.object),
    reported: fc.option(member.object),
  },
  { requiredKeys: [] },
)

/** neighbours N19 on plain values; `defineProperty`, since a member may be called `__proto__`. */
function mergedInto(target: { [name: string]: Plain }, asked: { [name: string]: Plain }): Plain {
  for (const [key, value] of Object.entries(asked)) {
    if (value === null) delete target[key]
    else {
      const isObject = typeof value === 'object' && !Array.isArray(value)
      const own = Object.hasOwn(target, key) ? target[key] : undefined
      const under = typeof own === 'object' && own !== null && !Array.isArray(own) ? own : {}
      set(target, key, isObject ? mergedInto(under, value) : value)
    }
  }
  return target
}

/** neighbours N28. */
function differs(desired: { [name: string]: Plain }, reported: Plain | undefined): Plain {
  const delta: { [name: string]: Plain } = {}
  for (const [key, wanted] of Object.entries(desired)) {
    const actual =
      isPlainObject(reported) && Object.hasOwn(reported, key) ? reported[key] : undefined
    if (isPlainObject(wanted) && isPlainObject(actual)) {
      const inner = differs(wanted, actual)
      if (Object.keys(inner as object).length > 0) set(delta, key, inner)
    } else if (actual === undefined || canonical(wanted) !== canonical(actual)) {
      set(delta, key, wanted)
    }
  }
  return delta
}

function set(target: object, key: string, value: Plain): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function isPlainObject(value: Plain | undefined): value is { [name: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function canonical(value: Plain): string {
  return JSON.stringify(value, (_key, inner: Plain) =>
    isPlainObject(inner) ? ['object', ...byName(Object.entries(inner))] : inner,
  )
}

function byName<T>(entries: [string, T][]): [string, T][] {
  return entries.sort(([one], [other]) => (one < other ? -1 : 1))
}

/** The form of metadata: a time for each leaf. */
function leaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(leaves)
  if (typeof value !== 'object' || value === null) return 'leaf'
  return byName(Object.entries(value).map(([key, inner]) => [key, leaves(inner)]))
}

function times(metadata: unknown, state: unknown): unknown {
  if (Array.isArray(state)) {
    return state.map((inner, index) => times((metadata as unknown[])[index], inner))
  }
  if (typeof state !== 'object' || state === null) {
    return typeof (metadata as { timestamp: unknown }).timestamp === 'number' ? 'leaf' : metadata
  }
  const shown = metadata as Record<string, unknown>
  const keys = Object.keys(state)
  if (Object.keys(shown).length !== keys.length) return shown
  const inner = state as Record<string, unknown>
  return byName(keys.map((key) => [key, times(shown[key], inner[key])]))
}

it('neighbours N19, N21, N27, N28: any updates leave what a plain model leaves', () => {
  fc.assert(
    fc.property(fc.array(update, { minLength: 1, maxLength: 12 }), (updates) => {
      const w = shadowWorld()
      const model: { [section: string]: { [name: string]: Plain } } = { desired: {}, reported: {} }
      for (const [index, state] of updates.entries()) {
        w.ask('update', { state })
        for (const [section, asked] of Object.entries(state)) {
          if (asked === null) model[section] = {}
          else if (isPlainObject(asked)) mergedInto(model[section] ?? {}, asked)
        }
        const wanted = Object.fromEntries(
          Object.entries(model).filter(([, members]) => Object.keys(members).length > 0),
        )
        const delta = differs(model['desired'] ?? {}, model['reported'])
        const got = w.got() as { state: { delta?: Plain }; metadata: unknown; version: number }
        const { delta: shown = {}, ...sections } = got.state
        expect(canonical(sections as Plain)).toBe(canonical(wanted))
        expect(canonical(shown)).toBe(canonical(delta))
        expect(got.version).toBe(index + 1)
        expect(times(got.metadata, sections)).toEqual(leaves(sections))
      }
    }),
  )
})

/** What JSON is made of. */
const MARKS = Array.from('{}[]",:\\u0a1-.eE +tn/')

it('neighbours N29: whatever JSON is read is written as JSON would, and nothing else is read', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const read = readJson(` ${text}\n`)
      expect(typeof read === 'string' ? read : writeJson(read.node)).toBe(
        JSON.stringify(JSON.parse(text)),
      )
    }),
    { examples: [['{"a":[true,null,"\\u2028"]}']] },
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...MARKS) }), (text) => {
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      expect(readJson(text) === 'malformed').toBe(!isJson)
    }),
    { numRuns: 2000 },
  )
})
