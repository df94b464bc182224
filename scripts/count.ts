/**
 * The closing line of CI: `node scripts/count.ts --status N --counted 'N passed, N failed' REPORT…`
 * adds what another run counted to the reports; a status other than 0 counts as a failure when
 * nothing else does.
 */
import { parseArgs } from 'node:util'
import { sumOfReports } from './test-reports.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { status: { type: 'string' }, counted: { type: 'string' } },
})
const { passed, failed } = sumOfReports(positionals, 0)
const [otherPassed = 0, otherFailed = 0] = (values.counted ?? '').match(/\d+/g)?.map(Number) ?? []
const allFailed = failed + otherFailed
const broken = allFailed === 0 && Number(values.status ?? 0) !== 0 ? 1 : 0
console.log(`${passed + otherPassed} passed, ${allFailed + broken} failed`)
