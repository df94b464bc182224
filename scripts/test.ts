/**
 * `pnpm test`: the tests of every package through turbo, which leaves out what has not changed.
 * With arguments vitest itself runs once over all packages and is given them: `pnpm test -t J41`,
 * `pnpm test packages/jobs/test/schedule.test.ts`. `--force` alone is turbo's: no cache.
 *
 * The last line on stdout is `N passed, N failed`, the sum of all reports.
 */
import { spawn } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sumOfReports } from './test-reports.ts'
import { runTurbo } from './turbo.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)

// What an older run wrote must not count for a package whose tests do not get to write any.
for (const report of globSync(
  ['reports/test.json', '{apps,packages}/*/reports/test.json', '*/reports/test.json'],
  { cwd: ROOT },
)) {
  rmSync(join(ROOT, report))
}
const forced = args.length === 1 && args[0] === '--force'
const wholeRun = args.length === 0 || forced
const status = wholeRun ? await testEveryPackage(forced) : await vitest(args)
const sum = sumOfReports(wholeRun ? reportsOfPackages() : [join(ROOT, 'reports/test.json')], status)
console.log(`${sum.passed} passed, ${sum.failed} failed`)
process.exitCode = sum.failed > 0 ? 1 : 0

/**
 * Goes on after a package that fails, so that one run tells of all. Two packages at once: each has
 * workers of its own.
 */
function testEveryPackage(force: boolean): Promise<number> {
  const flags = ['--continue=always', '--concurrency=2', ...(force ? ['--force'] : [])]
  return runTurbo(['run', 'test', ...flags])
}

function vitest(more: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const run = spawn(process.execPath, [program, 'run', ...more], { cwd: ROOT, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    run.once('error', reject)
    run.once('close', (code) => resolve(code ?? 1))
  })
}

/** Where each package that has tests writes its report. */
function reportsOfPackages(): string[] {
  return globSync(['{apps,packages}/*/package.json', '*/package.json'], { cwd: ROOT })
    .filter((file) => {
      const { scripts } = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as {
        scripts?: Record<string, string>
      }
      return scripts?.['test'] !== undefined
    })
    .map((file) => join(ROOT, dirname(file), 'reports/test.json'))
}
