/**
 * Writes docs/verify-example.md: the report of a run against this server playing AWS, with two answers
 * tampered with on their way. `pnpm verify:example`
 */
import { join } from 'node:path'
import { muster } from '../muster-process.ts'
import { playAccount } from './account-fixture.ts'
import { plantDifferences } from './planted-differences.ts'

const PAGE = join(import.meta.dirname, '../../../../docs/verify-example.md')

const account = await playAccount()
try {
  plantDifferences(account.door)
  const flags = ['--yes', '--only', 'S03,S09,S35,S51,S63,S80', '--report', PAGE]
  const { stdout, stderr } = await muster(['verify', 'jobs', ...flags, ...account.flags()], {
    env: account.env,
  })
  process.stdout.write(`${stderr}${stdout}`)
} finally {
  await account.close()
}
