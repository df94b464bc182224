/** The closing line of a test run counts what went wrong outside any test, too. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sumOfReports } from '../../scripts/test-reports.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-reports-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A report of one file of tests with these statuses; `fileStatus` is the file's own. */
function report(name: string, statuses: readonly string[], fileStatus = 'passed'): string {
  const file = join(folder, name)
  const count = (status: string): number => statuses.filter((one) => one === status).length
  const content = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults: [{ status: fileStatus, assertionResults: statuses.map((status) => ({ status })) }],
  }
  writeFileSync(file, JSON.stringify(content))
  return file
}

it('adds up what passed and failed', () => {
  const files = [
    report('a.json', ['passed', 'passed']),
    report('b.json', ['passed', 'failed'], 'failed'),
  ]
  expect(sumOfReports(files, 1)).toEqual({ passed: 3, failed: 1 })
})

it('a file whose hooks failed or that could not be loaded is one failure', () => {
  const files = [report('hooks.json', ['passed'], 'failed'), report('load.json', [], 'failed')]
  expect(sumOfReports(files, 1)).toEqual({ passed: 1, failed: 2 })
})

it('a report that is missing or cut off is one failure', () => {
  const cut = join(folder, 'cut.json')
  writeFileSync(cut, '{"numPassedTests":')
  expect(sumOfReports([join(folder, 'missing.json'), cut], 1)).toEqual({ passed: 0, failed: 2 })
})

it('a run that failed though no test did is one failure', () => {
  expect(sumOfReports([report('good.json', ['passed'])], 1)).toEqual({ passed: 1, failed: 1 })
})
