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
  const content = {
    numPassedTests: statuses.filter((status) => status === 'passed').length,
    testResults: [
      {
        name: join(process.cwd(), 'test/a.test.ts'),
        status: fileStatus,
        message: '',
        assertionResults: statuses.map((status, n) => ({
          status,
          fullName: `test ${n}`,
          failureMessages: status === 'failed' ? ['AssertionError: 1 is not 2\n    at line 3'] : [],
        })),
      },
    ],
  }
  writeFileSync(file, JSON.stringify(content))
  return file
}

it('adds up what passed, and names what failed with its first words', () => {
  const files = [
    report('a.json', ['passed', 'passed']),
    report('b.json', ['passed', 'failed'], 'failed'),
  ]
  expect(sumOfReports(files, 1)).toEqual({
    passed: 3,
    failures: ['test/a.test.ts: test 1: AssertionError: 1 is not 2'],
  })
})

it('a file whose hooks failed or that could not be loaded is one failure', () => {
  const files = [report('hooks.json', ['passed'], 'failed'), report('load.json', [], 'failed')]
  const failure = 'test/a.test.ts: outside its tests'
  expect(sumOfReports(files, 1)).toEqual({ passed: 1, failures: [failure, failure] })
})

it('a run without a test, as of a name that there is not, is one failure', () => {
  expect(sumOfReports([report('none.json', ['skipped', 'skipped'])], 0)).toEqual({
    passed: 0,
    failures: ['no test was run: is its name right?'],
  })
})

it('a report that is missing or cut off is one failure', () => {
  const cut = join(folder, 'cut.json')
  writeFileSync(cut, '{"numPassedTests":')
  expect(sumOfReports([join(folder, 'missing.json'), cut], 1)).toEqual({
    passed: 0,
    failures: [
      expect.stringMatching(/missing\.json: no whole report$/),
      expect.stringMatching(/cut\.json: no whole report$/),
    ],
  })
})

it('a run that failed though no test did is one failure', () => {
  expect(sumOfReports([report('good.json', ['passed'])], 1)).toEqual({
    passed: 1,
    failures: ['no test, but the run: status 1'],
  })
})
