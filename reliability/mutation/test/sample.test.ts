import { expect, it } from 'vitest'
import { seededRandom } from '@muster/clock'
import { chooseMutants } from '../src/sample.ts'

const lines = (count: number): string => 'log(a < b, a > b, a === b)\n'.repeat(count)
const files = [
  { file: 'small.ts', source: `// no mutant on this line\n${lines(10)}` },
  { file: 'large.ts', source: lines(30) },
]

it('the same seed chooses the same mutants, another one others', () => {
  const chosen = (seed: number): unknown => chooseMutants(files, 8, seededRandom(seed))
  expect(chosen(7)).toEqual(chosen(7))
  expect(chosen(7)).not.toEqual(chosen(8))
})

it('a line of one file is as likely as a line of another, and none is taken twice', () => {
  const chosen = chooseMutants(files, 20, seededRandom(1))
  expect(chosen.filter(({ file }) => file === 'small.ts')).toHaveLength(5)
  expect(new Set(chosen.map(({ file, line }) => `${file}:${line}`)).size).toBe(20)
  expect(chosen.every(({ file, line }) => file === 'large.ts' || line > 1)).toBe(true)
})

it('all lines, when there are fewer than asked for', () => {
  expect(chooseMutants(files, 100, seededRandom(1))).toHaveLength(40)
})
