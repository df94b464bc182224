import { expect, it } from 'vitest'
import { mutantsOf, withMutant } from '../src/mutants-of.ts'

const source = `export function due(atMs: number, nowMs: number, isOff?: boolean): number {
  if (atMs <= nowMs && isOff !== true) log(atMs)
  return atMs > 0 ? 1 : 0
}
`

it('a mutant is one mistake, and the types stay', () => {
  const written = mutantsOf(source).map((mutant) => withMutant(source, mutant))
  expect(new Set(written).size).toBe(written.length)
  for (const one of written) expect(one).toContain('isOff?: boolean): number {')
  const all = written.join('')
  for (const wanted of [
    'if (atMs < nowMs && isOff !== true)',
    'if (atMs <= nowMs || isOff !== true)',
    'isOff === true',
    'isOff !== false',
    'if (!(atMs <= nowMs && isOff !== true))',
    'true) ;\n',
    'atMs >= 0 ? 1',
    '!(atMs > 0) ?',
    '? 2 : 0',
    '? 1 : 1',
  ]) {
    expect(all).toContain(wanted)
  }
})
