/** An operation's name is the SDK's: one that is misspelt in a row fails the type check. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const ROWS = [
  ['iot', 'DescribeThing', 'DescribeThng'],
  ['iot-jobs-data', 'StartNextPendingJobExecution', 'StartNextJob'],
  ['iotdata', 'GetRetainedMessage', 'getRetainedMessage'],
] as const

it('a row of a misspelt operation fails the type check, a right one does not', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-misspelt-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const type = relative(folder, join(ROOT, 'apps/server/src/operations/operation-row.ts'))
  const planted = ROWS.flatMap(([service, right, wrong], index) => [
    `export const right${index}: Operations<'${service}'> = { ${right}: undefined as never }`,
    `export const wrong${index}: Operations<'${service}'> = { ${wrong}: undefined as never }`,
  ])
  const source = [`import type { Operations } from '${type}'`, ...planted].join('\n')
  writeFileSync(join(folder, 'planted.mts'), source)
  const config = {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: { types: [] },
    files: ['planted.mts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))

  const program = join(ROOT, 'node_modules/.bin/tsc')
  const { stdout } = spawnSync(program, ['-p', 'tsconfig.json'], { cwd: folder, encoding: 'utf8' })
  const errors = stdout.split('\n').filter((line) => line.startsWith('planted.mts'))
  expect(errors).toEqual(
    ROWS.map(([, , wrong], index) =>
      expect.stringMatching(String.raw`^planted\.mts\(${index * 2 + 3},.*'${wrong}'`),
    ),
  )
})
