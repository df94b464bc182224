/** Sums vitest's JSON reports. */
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

/** How many tests of a run passed, and what failed, a line each: the file, the test, its first words. */
export interface Sum {
  readonly passed: number
  readonly failures: readonly string[]
}

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages?: readonly string[]
    }[]
  }[]
}

/**
 * Adds the reports up. What fails outside any test counts as one failure: a file that could not be
 * loaded or whose hooks failed, a report that is not there since the run itself broke, and a run
 * that says it failed (`status` other than 0) though no test did, or in which none was run.
 */
export function sumOfReports(files: readonly string[], status: number): Sum {
  let passed = 0
  const failures: string[] = []
  for (const file of files) {
    const report = readReport(file)
    passed += report?.numPassedTests ?? 0
    failures.push(...(report === undefined ? [line(file, 'no whole report')] : failuresIn(report)))
  }
  if (failures.length === 0 && status !== 0) failures.push(`no test, but the run: status ${status}`)
  if (failures.length === 0 && passed === 0) failures.push('no test was run: is its name right?')
  return { passed, failures }
}

function readReport(file: string): Report | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    // Cut off while it was written.
    return undefined
  }
}

function failuresIn({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0 && status === 'failed')
      return [line(name, 'outside its tests', message)]
    return failed.map((test) => line(name, test.fullName, test.failureMessages?.[0]))
  })
}

function line(file: string, test: string, message = ''): string {
  const path = relative(process.cwd(), file)
  const reason = message.split('\n', 1)[0]?.trim() ?? ''
  return `${path}: ${test}${reason === '' ? '' : `: ${reason}`}`
}
