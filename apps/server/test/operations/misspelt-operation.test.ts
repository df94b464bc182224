/**
 * What the type check says of rows that AWS's SDK does not know: the same program as `check`, over
 * a planted file.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-planted-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The type check's complaints about tables of rows, by line of the table. */
async function complaints(...tables: readonly string[]): Promise<string[]> {
  const source = relative(folder, join(root, 'apps/server/src'))
  const head = [
    `import type { Operations } from '${source}/operations/operation-row.ts'`,
    `import { job } from '${source}/authorization/operator-resources.ts'`,
    'export const used: unknown = job',
  ]
  const lines = tables.map(
    (rows, index) => `export const planted${index}: Operations<'iot'> = { ${rows} }`,
  )
  await writeFile(join(folder, 'planted.mts'), [...head, ...lines].join('\n'))
  const project = join(folder, 'tsconfig.json')
  const compilerOptions = { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] }
  const extended = join(root, 'tsconfig.base.json')
  await writeFile(
    project,
    JSON.stringify({ extends: extended, compilerOptions, files: ['planted.mts'] }),
  )
  const output = await new Promise<string>((resolve) => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    execFile(process.execPath, [compiler, '-p', project], (_, text) => resolve(text))
  })
  return output.split('\n').flatMap((line) => {
    const found = /planted\.mts\((\d+),\d+\): error (.*)/.exec(line)
    return found === null ? [] : `${Number(found[1]) - head.length - 1}: ${found[2]}`
  })
}

it('a misspelt operation, member, rule or resource of a row fails the type check', async () => {
  expect(
    await complaints(
      'ListThings: { rule: ({ registry }) => registry.listThings }',
      'CreateThng: { rule: () => () => ({ ok: true, value: {} }) }',
      'UpdateThing: { rule: () => (input) => ({ ok: true, value: { a: input.thingNam } }) }',
      'ListThings: { rule: ({ registry }) => registry.listThngs }',
      'DescribeThing: { rule: ({ registry }) => registry.describeThing, resources: [job] }',
      'DescribeThing: { rule: ({ registry }) => registry.createThingGroup }',
    ),
  ).toEqual([
    expect.stringMatching(/^1: .*'CreateThng' does not exist in type/),
    expect.stringMatching(/^2: .*'thingNam' does not exist/),
    expect.stringMatching(/^3: .*'listThngs' does not exist/),
    expect.stringMatching(/^4: .*With<"jobId">/),
    expect.stringMatching(/^5: .*is not assignable/),
  ])
}, 120_000)
