/**
 * Random queries on random fleets: the parser, the planner and the evaluator together against an
 * oracle that reads the query as a tree, things as maps of values and wildcards as regular
 * expressions.
 */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { code, ok, openTestRegistry } from './open-test-registry.ts'

type Tree =
  | { readonly kind: 'term'; readonly field: string; readonly value: string }
  | { readonly kind: 'range'; readonly field: string; readonly bounds: readonly [number, number] }
  | { readonly kind: 'not'; readonly of: Tree }
  /** `all`: parts that merely follow each other. */
  | {
      readonly kind: 'and' | 'or' | 'all'
      readonly of: readonly Tree[]
      readonly operators: readonly string[]
    }

interface Thing {
  readonly thingName: string
  readonly thingTypeName: string | undefined
  readonly color: string | undefined
  readonly size: string | undefined
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-'), minLength: 1, maxLength: 4 })
const plainWord = word.filter((text) => !text.startsWith('-'))
const wildWord = fc
  .tuple(plainWord, fc.constantFrom('', '*', '?', '*b', '?*', '*a?'))
  .map(([head, tail]) => head + tail)
const field = fc.constantFrom('thingName', 'thingTypeName', 'attributes.color', 'attributes.size')
const number = fc.integer({ min: -3, max: 12 })

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    tie('leaf').map((of): Tree => ({ kind: 'not', of })),
    fc
      .tuple(
        fc.constantFrom(
          { kind: 'and' as const, operators: [' AND ', ' && '] },
          { kind: 'all' as const, operators: [' '] },
          { kind: 'or' as const, operators: [' OR ', ' || '] },
        ),
        fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
        fc.nat({ max: 2 }),
      )
      .map(([{ kind, operators }, of, at]): Tree => ({
        kind,
        of,
        operators: rotated(operators, at),
      })),
  ),
  leaf: fc.oneof(
    fc.record({
      kind: fc.constant('term' as const),
      field,
      value: fc.oneof(plainWord, wildWord, fc.constant('*')),
    }),
    fc.record({
      kind: fc.constant('range' as const),
      field: fc.constant('attributes.size'),
      bounds: fc.tuple(number, number),
    }),
  ),
}))

const things = fc.uniqueArray(
  fc.record({
    thingName: plainWord,
    thingTypeName: fc.option(fc.constantFrom('a', 'Ab', 'b-a'), { nil: undefined }),
    color: fc.option(word, { nil: undefined }),
    size: fc.option(fc.oneof(number.map(String), plainWord), { nil: undefined }),
  }),
  { selector: ({ thingName }) => thingName, maxLength: 12 },
)

function rotated(operators: readonly string[], at: number): string[] {
  return [...operators.slice(at), ...operators.slice(0, at)]
}

function termsOf(query: Tree): number {
  if (query.kind === 'not') return termsOf(query.of)
  if (query.kind === 'term' || query.kind === 'range') return 1
  return query.of.reduce((sum, part) => sum + termsOf(part), 0)
}

/** With parentheses only where precedence needs them. */
function write(query: Tree): string {
  switch (query.kind) {
    case 'term':
      return `${query.field}:${query.value}`
    case 'range':
      return `${query.field}:[${query.bounds[0]} TO ${query.bounds[1]}}`
    case 'not':
      return `NOT ${write(query.of)}`
    default: {
      const { kind, of, operators } = query
      const parts = of.map((part) =>
        looseness(part) > looseness({ kind, of, operators }) ? `(${write(part)})` : write(part),
      )
      return parts.reduce((text, part, at) => text + operators[at % operators.length] + part)
    }
  }
}

function looseness({ kind }: Tree): number {
  return ['and', 'or', 'all'].indexOf(kind)
}

function valueOf(thing: Thing, name: string): string | undefined {
  if (name === 'thingName') return thing.thingName
  if (name === 'thingTypeName') return thing.thingTypeName
  return name === 'attributes.color' ? thing.color : thing.size
}

function isFound(query: Tree, thing: Thing): boolean {
  switch (query.kind) {
    case 'not':
      return !isFound(query.of, thing)
    case 'and':
    case 'all':
      return query.of.every((part) => isFound(part, thing))
    case 'or':
      return query.of.some((part) => isFound(part, thing))
    case 'term': {
      const value = valueOf(thing, query.field)
      const pattern = query.value.replaceAll('*', '.*').replaceAll('?', '.')
      return value !== undefined && new RegExp(`^${pattern}$`, 'i').test(value)
    }
    case 'range': {
      const size = Number(valueOf(thing, query.field))
      return size >= query.bounds[0] && size < query.bounds[1]
    }
  }
}

it('gateway G79: finds exactly what the oracle finds, page by page, and dynamic groups hold it', () => {
  fc.assert(
    fc.property(things, tree, fc.integer({ min: 1, max: 4 }), (fleet, query, maxResults) => {
      fc.pre(termsOf(query) <= 12)
      const { registry } = openTestRegistry()
      const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
      ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
      const queryString = write(query)
      // neighbours N48: a group's query has five terms at most.
      const hasGroups = termsOf(query) <= 5
      const group = (thingGroupName: string): string =>
        code(registry.createDynamicThingGroup({ thingGroupName, queryString }, 0))
      expect(group('before')).toBe(hasGroups ? 'ok' : 'InvalidQueryException')
      for (const thingTypeName of ['a', 'Ab', 'b-a']) {
        ok(registry.createThingType({ thingTypeName }, 0))
      }
      for (const { thingName, thingTypeName, color = '', size = '' } of fleet) {
        const attributePayload = { attributes: { color, size } }
        ok(registry.createThing({ thingName, thingTypeName, attributePayload }, 0))
      }
      group('after')
      const found: string[] = []
      let nextToken: string | undefined
      do {
        const answer = ok(registry.searchIndex({ queryString, maxResults, nextToken }, 0))
        found.push(...(answer.things ?? []).map(({ thingName = '' }) => thingName))
        nextToken = answer.nextToken
      } while (nextToken !== undefined)
      const expected = fleet
        .filter((thing) => isFound(query, thing))
        .map((thing) => thing.thingName)
      expect(found.toSorted()).toEqual(expected.toSorted())
      if (!hasGroups) return
      expect([...registry.thingsInGroup('before')]).toEqual(expected.toSorted())
      expect([...registry.thingsInGroup('after')]).toEqual(expected.toSorted())
    }),
    { numRuns: 1500 },
  )
})

it('gateway G79: any text is a query or an exact refusal, never a crash', () => {
  const { registry } = openTestRegistry()
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  ok(registry.createThing({ thingName: 'a' }, 0))
  const pieces =
    'thingName attributes.a a * ? : ( ) [ ] { } TO AND OR NOT - ! " \\ < >= && || + ~ ^ /'.split(
      ' ',
    )
  const piece = fc.constantFrom(' ', ...pieces)
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 20 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(text, (queryString) => {
      const outcome = registry.searchIndex({ queryString }, 0)
      if (!outcome.ok) expect(outcome.error.code).toBe('InvalidQueryException')
    }),
    { numRuns: 5000 },
  )
})
