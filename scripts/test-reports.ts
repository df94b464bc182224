/** Sums vitest's JSON reports. */
import { existsSync, readFileSync } from 'node:fs'

/** How many tests of a run passed and failed. */
export interface Sum {
  readonly passed: number
  readonly failed: number
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/**
 * Adds the reports up. What fails outside any test counts as one failure: a file that could not be
 * loaded or whose hooks failed, a report that is not there since the run itself broke, and a run
 * that says it failed (`status` other than 0) though no test did.
 */
export function sumOfReports(files: readonly string[], status: number): Sum {
  let passed = 0
  let failed = 0
  for (const file of files) {
    const report = readReport(file)
    passed += report?.numPassedTests ?? 0
    failed += report === undefined ? 1 : failuresIn(report)
  }
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed }
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

function failuresIn({ numFailedTests, testResults }: Report): number {
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return numFailedTests + brokenFiles.length
}
