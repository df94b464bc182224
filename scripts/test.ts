/**
 * `pnpm test`: the tests of every package through turbo, which leaves out what has not changed.
 * With arguments vitest itself runs once over all packages and is given them: `pnpm test -t J41`,
 * `pnpm test packages/jobs/test/schedule.test.ts`. `--force` alone is turbo's: no cache. `--clients`,
 * `--cluster` and `--packages` run the tests of `vitest.clients.config.ts`, `vitest.cluster.config.ts` and
 * `vitest.packages.config.ts` instead.
 *
 * What failed is said last, a line each that begins with `failed: `; the very last line on stdout is
 * `N passed, N failed`, the sum of all reports.
 */
import { spawn } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sumOfReports } from './test-reports.ts'
import { runTurbo } from './turbo.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const [first, ...others] = process.argv.slice(2)

const run =
  first === '--clients' || first === '--cluster' || first === '--packages'
    ? vitest(
        ['--config', `vitest.${first.slice(2)}.config.ts`, ...others],
        `reports/${first.slice(2)}.json`,
      )
    : first === undefined || (first === '--force' && others.length === 0)
      ? testEveryPackage(first === '--force')
      : vitest([first, ...others], 'reports/by-hand.json')
const { passed, failures } = await run
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${passed} passed, ${failures.length} failed`)
process.exitCode = failures.length > 0 ? 1 : 0

/**
 * Goes on after a package that fails, so that one run tells of all. Two packages at once: each has
 * workers of its own.
 */
async function testEveryPackage(force: boolean): Promise<ReturnType<typeof sumOfReports>> {
  const reports = reportsOfPackages()
  forget(reports)
  const flags = ['--continue=always', '--concurrency=2', ...(force ? ['--force'] : [])]
  return sumOfReports(reports, await runTurbo(['run', 'test', ...flags]))
}

async function vitest(
  args: readonly string[],
  name: string,
): Promise<ReturnType<typeof sumOfReports>> {
  const report = join(ROOT, name)
  forget([report])
  const program = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const tests = spawn(process.execPath, [program, 'run', ...args], { cwd: ROOT, stdio: 'inherit' })
  const status = await new Promise<number>((resolve, reject) => {
    tests.once('error', reject)
    tests.once('close', (code) => resolve(code ?? 1))
  })
  return sumOfReports([report], status)
}

/** What an older run wrote must not count for tests that do not get to write any. */
function forget(reports: readonly string[]): void {
  for (const report of reports) rmSync(report, { force: true })
}

/** Where each package that has tests writes its report. */
function reportsOfPackages(): string[] {
  return globSync(['{apps,packages,reliability}/*/package.json', '*/package.json'], { cwd: ROOT })
    .filter((file) => {
      const { scripts } = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as {
        scripts?: Record<string, string>
      }
      return scripts?.['test'] !== undefined
    })
    .map((file) => join(ROOT, dirname(file), 'reports/test.json'))
}
