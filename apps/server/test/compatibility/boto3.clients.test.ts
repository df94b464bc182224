/** boto3 against a whole server: `boto3-walk.py` says what. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { PYTHON } from './programs.ts'

it('gateway probe 2, G128, G129: boto3 with only endpoint_url changed', async () => {
  const server = await startTestServer({ clock: 'system' })
  onTestFinished(() => server.close())
  const script = join(import.meta.dirname, 'boto3-walk.py')
  const { stdout } = await promisify(execFile)(PYTHON, [script, server.httpUrl])
  expect(stdout.trim().split('\n')).toEqual([
    'things',
    'certificates',
    'jobs_control_plane',
    'jobs_data_plane',
    'data_plane',
    'shadows',
    'identities',
  ])
})
