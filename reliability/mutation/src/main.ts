/**
 * `pnpm mutants [--package P] [--count N] [--seed S]`: puts single mistakes into the rule packages, one at a
 * time, and runs the package's own tests that concern the file. Prints what no test noticed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { seededRandom } from '@muster/clock'
import { mutantsOf, withMutant } from './mutants-of.ts'

const PACKAGES = ['jobs', 'policy', 'registry', 'broker', 'shadow', 'iam', 'cognito']
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Tests that a mutant keeps from ending have noticed it. */
const TEST_MS_MAX = 300_000

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    count: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
  },
})
const { package: only } = values
if (only !== undefined && !PACKAGES.includes(only)) {
  process.stderr.write(`no package \`${only}\`: expected ${PACKAGES.join(', ')}\n`)
  process.exit(2)
}
const count = whole('count', values.count)
const random = seededRandom(whole('seed', values.seed))
const files = (only === undefined ? PACKAGES : [only]).flatMap((name) =>
  globSync(`packages/${name}/src/**/*.ts`, { cwd: ROOT }).toSorted(),
)
const all = files.flatMap((file) =>
  mutantsOf(readFileSync(join(ROOT, file), 'utf8')).map((mutant) => ({ file, mutant })),
)
/** Puts the file back that holds a mistake at the moment. */
let putBack: (() => void) | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    putBack?.()
    process.exit(130)
  })
}
let found = 0
for (let number = 1; number <= count; number++) {
  const chosen = all[Math.floor(random() * all.length)]
  if (chosen === undefined) break
  const { file, mutant } = chosen
  const source = readFileSync(join(ROOT, file), 'utf8')
  const line = source.slice(0, mutant.start).split('\n').length
  const mutated = withMutant(source, mutant)
  const isFound = await noticed(file, source, mutated)
  if (isFound) found += 1
  process.stdout.write(
    `${number}/${count} ${isFound ? 'found' : 'NOT FOUND'} ${mutant.kind} ${file}:${line}\n`,
  )
  if (isFound) continue
  process.stdout.write(`  - ${source.split('\n')[line - 1]?.trim()}\n`)
  process.stdout.write(`  + ${mutated.split('\n')[line - 1]?.trim()}\n`)
}
process.stdout.write(`mutants ${count}, found ${found}, not found ${count - found}\n`)
process.exitCode = found === count ? 0 : 1

/** Whether a test fails; the file is put back however this ends. */
async function noticed(file: string, source: string, mutated: string): Promise<boolean> {
  const path = join(ROOT, file)
  const folder = join(ROOT, file.split('/').slice(0, 2).join('/'))
  const program = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const args = [program, 'related', path, '--run', '--bail=1', '--maxWorkers=1', '--reporter=dot']
  const config = ['--config', join(ROOT, 'vitest.config.ts')]
  putBack = () => writeFileSync(path, source)
  writeFileSync(path, mutated)
  try {
    const tests = spawn(process.execPath, [...args, ...config], {
      cwd: folder,
      stdio: 'ignore',
      timeout: TEST_MS_MAX,
    })
    const [status] = (await once(tests, 'close')) as [number | null]
    return status !== 0
  } finally {
    putBack()
    putBack = undefined
  }
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  process.stderr.write(`--${name}: expected a whole number, not \`${text}\`\n`)
  process.exit(2)
}
