/**
 * Wildcard matching against regular expressions.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'

import { encode, parseTemplate, VariableTable } from '../src/compile/template.ts'
import { emptyNode, withoutPrefix } from '../src/compile/topic-trie.ts'
import { matchTemplate, noVariables } from '../src/decide/match-template.ts'

const characters = ['a', 'b', '/', '+', '#', '.', '$', 'é', '€', '🚲', '\n']
const text = fc.array(fc.constantFrom(...characters), { maxLength: 12 }).map((all) => all.join(''))
const wildcards = fc
  .array(fc.constantFrom(...characters, '*', '*', '?'), { maxLength: 10 })
  .map((all) => all.join(''))

const rules = { wildcards: true, variables: false }

function matches(pattern: string, subject: string): boolean {
  const bytes = encode(subject)
  const tokens = parseTemplate(pattern, rules, new VariableTable())
  return matchTemplate(tokens, noVariables, bytes, 0, bytes.length)
}

function regExp(pattern: string): RegExp {
  const source = Array.from(pattern)
    .map((character) =>
      character === '*'
        ? '[^]*'
        : character === '?'
          ? '[^]'
          : character.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`),
    )
    .join('')
  return new RegExp(`^${source}$`, 'u')
}

it('authz E5: * and ? match as a regular expression would, by characters', () => {
  fc.assert(
    fc.property(wildcards, fc.array(text, { minLength: 8, maxLength: 8 }), (pattern, subjects) => {
      const expected = regExp(pattern)
      for (const subject of subjects) {
        if (matches(pattern, subject) !== expected.test(subject)) {
          expect({ pattern, subject }).toEqual(expected.test(subject))
        }
      }
    }),
    { numRuns: 20_000 },
  )
})

it('authz E5: a text matches itself with any part replaced by *', () => {
  fc.assert(
    fc.property(text, fc.nat(12), fc.nat(12), (subject, from, length) => {
      const all = Array.from(subject)
      all.splice(Math.min(from, all.length), length, '*')
      expect(matches(all.join(''), subject)).toBe(true)
    }),
  )
})

it('a pattern with a prefix taken off matches what followed the prefix', () => {
  const prefix = 'ab/'
  fc.assert(
    fc.property(wildcards, text, (pattern, rest) => {
      const tokens = parseTemplate(pattern, rules, new VariableTable())
      const residuals = withoutPrefix(tokens, encode(prefix)) ?? []
      const bytes = encode(rest)
      const after = residuals.some((residual) =>
        matchTemplate(residual, noVariables, bytes, 0, bytes.length),
      )
      expect(after).toBe(matches(pattern, prefix + rest))
    }),
    { numRuns: 10_000 },
  )
  expect(emptyNode(encode('')).plain).toBe(true)
})

it('hostile patterns stay cheap: only the last * is tried again', () => {
  const pattern = `${'*a'.repeat(500)}*b`
  const subject = 'a'.repeat(2000)
  const before = process.threadCpuUsage()
  expect(matches(pattern, subject)).toBe(false)
  expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(500)
})
