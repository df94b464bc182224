/**
 * `pnpm mutants [--package P] [--count N] [--seed S] [--only N,…] [--module FILE[:LINE]]`: puts single mistakes into the rule
 * packages, one at a time, and runs the package's own tests that concern the module. Prints what no test noticed; the exit
 * status is 1 then.
 */
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { seededRandom } from '@muster/clock'
import { withMutant } from './mutants-of.ts'
import type { TestsRun } from './run-tests.ts'
import { allMutants, chooseMutants, type Chosen, type SourceFile } from './sample.ts'
import { endAllTests, runTests } from './tests-process.ts'

const PACKAGES = ['jobs', 'policy', 'registry', 'broker', 'shadow', 'iam', 'cognito', 'streams']
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CONFIG = join(ROOT, 'vitest.config.ts')
/** Tests that a mutant keeps from ending this many times as long as they take without it have noticed it. */
const TIMES_AS_LONG_MAX = 10
const MS_MORE = 30_000
/** A package without a mutant. */
const BASELINE_MS_MAX = 600_000

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    count: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    module: { type: 'string' },
  },
})
const { package: one } = values
if (one !== undefined && !PACKAGES.includes(one)) {
  process.stderr.write(`no package \`${one}\`: expected ${PACKAGES.join(', ')}\n`)
  process.exit(2)
}
const seed = whole('seed', values.seed)
const only = values.only?.split(',').map((number) => whole('only', number))
const chosen = values.module === undefined ? sample() : ofModule(values.module)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endAllTests()
    process.exit(130)
  })
}

const baselines = new Map<string, { tests: TestsRun; tookMs: number }>()
const counts = { mutants: 0, found: 0, survived: 0 }
for (const [index, mutant] of chosen.entries()) {
  const number = index + 1
  if (only !== undefined && !only.includes(number)) continue
  const by = await noticedBy(mutant)
  counts.mutants += 1
  counts[by === undefined ? 'survived' : 'found'] += 1
  const verdict = by === undefined ? 'SURVIVED' : 'found'
  const where = `${mutant.file}:${mutant.line} ${mutant.mutant.kind}`
  process.stdout.write(`${number}/${chosen.length} ${verdict} ${where}${by ? `: ${by}` : ''}\n`)
  if (by === undefined) process.stdout.write(difference(mutant))
}
process.stdout.write(
  `mutants ${counts.mutants}, found ${counts.found}, survived ${counts.survived}\n`,
)
process.exitCode = counts.survived === 0 ? 0 : 1

function sample(): readonly Chosen[] {
  const files = (one === undefined ? PACKAGES : [one]).flatMap((name) =>
    globSync(`packages/${name}/src/**/*.ts`, { cwd: ROOT }).toSorted(),
  )
  return chooseMutants(files.map(sourceOf), whole('count', values.count), seededRandom(seed))
}

function ofModule(module: string): readonly Chosen[] {
  const [file = '', line] = module.split(':')
  if (!PACKAGES.some((name) => file.startsWith(`packages/${name}/src/`)) || !isFile(file)) {
    process.stderr.write(`--module: expected a file below packages/*/src, not \`${file}\`\n`)
    process.exit(2)
  }
  return allMutants(sourceOf(file), line === undefined ? undefined : whole('module', line))
}

function isFile(file: string): boolean {
  return statSync(join(ROOT, file), { throwIfNoEntry: false })?.isFile() === true
}

function sourceOf(file: string): SourceFile {
  return { file, source: readFileSync(join(ROOT, file), 'utf8') }
}

/** The test that failed, or what else told; nothing when all of them passed. */
async function noticedBy({ file, mutant }: Chosen): Promise<string | undefined> {
  const folder = join(ROOT, file.split('/').slice(0, 2).join('/'))
  const baseline = baselines.get(folder) ?? (await baselineOf(folder))
  baselines.set(folder, baseline)
  const planted = { path: join(ROOT, file), mutant }
  const msMax = baseline.tookMs * TIMES_AS_LONG_MAX + MS_MORE
  const toRun = { folder, config: CONFIG, planted, fileMs: baseline.tests.fileMs }
  const run = await runTests(toRun, { msMax, seed })
  if (typeof run === 'string') return `the tests were ${run}`
  if (run.tests === 0 && run.failed === undefined) return undefined
  if (!run.isPlanted) throw new Error(`${file} was never loaded by the ${run.tests} tests`)
  return run.failed
}

/** What fails without a mutant would be taken for noticing every one. */
async function baselineOf(folder: string): Promise<{ tests: TestsRun; tookMs: number }> {
  const startedAtMs = performance.now()
  const tests = await runTests(
    { folder, config: CONFIG, fileMs: {} },
    { msMax: BASELINE_MS_MAX, seed },
  )
  if (typeof tests === 'string' || tests.failed !== undefined || tests.tests === 0) {
    const why = typeof tests === 'string' ? tests : (tests.failed ?? 'there are none')
    process.stderr.write(`the tests of ${folder} do not pass without a mutant: ${why}\n`)
    process.exit(2)
  }
  return { tests, tookMs: performance.now() - startedAtMs }
}

function difference({ file, line, mutant }: Chosen): string {
  const { source } = sourceOf(file)
  const lines = source.slice(mutant.start, mutant.end).split('\n').length
  const at = (text: string, count: number): string[] =>
    text.split('\n').slice(line - 1, line - 1 + count)
  const mutated = at(withMutant(source, mutant), mutant.text.split('\n').length)
  return [
    ...at(source, lines).map((text) => `  - ${text}\n`),
    ...mutated.map((text) => `  + ${text}\n`),
  ].join('')
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (text !== '' && Number.isInteger(value) && value >= 0) return value
  process.stderr.write(`--${name}: expected a whole number, not \`${text}\`\n`)
  process.exit(2)
}
