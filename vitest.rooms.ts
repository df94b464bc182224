/**
 * The folder of a whole run of tests, in which `vitest.setup.ts` makes those of its files: removed by the
 * process that began the run. A test file of which no test is run, as most with `-t`, runs no hooks
 * that could remove its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** vitest's `globalSetup`: tells the workers of the folder by `MUSTER_TEST_ROOMS`. */
export default function openRooms(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'muster-tests-'))
  process.env['MUSTER_TEST_ROOMS'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
