/** Imports run one way: a wrong one that somebody writes fails the lint, whichever room it is in. */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** A file of each room, imports that it must not have, and one that it may. */
const ROOMS: readonly (readonly [file: string, wrong: readonly string[], right: string])[] = [
  ['packages/model/src/planted.ts', ['node:fs', '@muster/clock', '@muster/policy'], './arn.ts'],
  ['packages/clock/src/planted.ts', ['node:timers', '@muster/model'], './clock.ts'],
  [
    'packages/policy/src/planted.ts',
    ['node:net', '@muster/jobs', '@muster/store'],
    '@muster/model',
  ],
  ['packages/jobs/src/planted.ts', ['fs', '@muster/registry', '@muster/server'], '@muster/model'],
  ['packages/shadow/src/planted.ts', ['node:fs', '@muster/registry'], '@muster/model'],
  ['packages/catalog/src/planted.ts', ['node:fs', '@muster/jobs'], '@muster/model'],
  ['packages/streams/src/planted.ts', ['node:fs', '@muster/jobs'], '@muster/model'],
  ['packages/broker/src/planted.ts', ['node:tls', '@muster/policy', '@muster/pki'], 'mqtt-packet'],
  ['packages/registry/src/planted.ts', ['http', '@muster/pki', '@muster/jobs'], '@muster/model'],
  ['packages/pki/src/planted.ts', ['@muster/registry', '@muster/server'], '@muster/model'],
  ['packages/aws-protocol/src/planted.ts', ['@muster/jobs', '@muster/server'], '@muster/model'],
  ['packages/store/src/planted.ts', ['@muster/policy', '@muster/server'], '@muster/jobs'],
  ['packages/conformance/src/planted.ts', ['@muster/jobs', '@muster/server'], '@muster/pki'],
  ['packages/device/src/planted.ts', ['@muster/policy', '@muster/server/testkit'], '@muster/pki'],
  ['packages/fleet/src/planted.ts', ['@muster/server', '@muster/jobs'], '@muster/device'],
  ['packages/testcontainers/src/planted.ts', ['@muster/server', '@muster/jobs'], '@muster/pki'],
  ['apps/server/src/planted.ts', ['@muster/simulator', '@muster/device'], '@muster/jobs'],
  ['apps/simulator/src/planted.ts', ['@muster/server', '@muster/registry'], '@muster/device'],
  ['apps/simulator/test/planted.ts', ['@muster/server', '@muster/store'], '@muster/server/testkit'],
  ['apps/console/src/planted.ts', ['@muster/server', '@muster/aws-protocol'], 'mqtt'],
  ['loadtest/planted.ts', ['@muster/server', '@muster/broker'], 'node:fs'],
  ['loadtest/k6/launch/planted.ts', ['@muster/server/testkit', '@muster/jobs'], 'node:fs'],
  ['loadtest/src/planted.ts', ['@muster/server', '@muster/policy'], '@muster/fleet'],
  ['loadtest/test/planted.ts', ['@muster/server', '@muster/jobs'], '@muster/server/testkit'],
  ['packages/store/src/past-the-name.ts', ['../../jobs/src/engine.ts'], './store.ts'],
]

/** A planted file's path is the room it stands for, below a folder with this repository's rules. */
it.each(ROOMS)('%s cannot import %s, and can import %s', async (file, wrong, right) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-fences-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  const planted = join(folder, file)
  mkdirSync(dirname(planted), { recursive: true })
  const lines = [...wrong, right].map((module) => `export { planted } from '${module}'\n`)
  writeFileSync(planted, lines.join(''))

  const refused = await refusedLines(folder)
  expect(refused).toEqual(wrong.map((_module, index) => index + 1))
})

/** The lines that the fence refuses, in order. */
async function refusedLines(folder: string): Promise<number[]> {
  const program = join(ROOT, 'node_modules/.bin/oxlint')
  const report = await new Promise<string>((resolve) => {
    execFile(program, ['--format', 'json'], { cwd: folder }, (_error, stdout) => resolve(stdout))
  })
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: { code: string; labels: { span: { line: number } }[] }[]
  }
  const fenced = diagnostics.filter(({ code }) => code.includes('no-restricted-imports'))
  return [...new Set(fenced.map(({ labels }) => labels[0]?.span.line ?? 0))].toSorted(
    (left, right) => left - right,
  )
}
