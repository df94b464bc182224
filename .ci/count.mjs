// Sums vitest's JSON reports into one closing line.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
for (const file of process.argv.slice(2)) {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests + report.numFailedTestSuites
}
console.log(`${passed} passed, ${failed} failed`)
