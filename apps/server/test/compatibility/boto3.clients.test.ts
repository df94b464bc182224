/** boto3 against a whole server: `boto3-walk.py` says what. */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { scratchFolder } from './documented-blocks.ts'
import { PYTHON } from './programs.ts'

it('gateway probe 2, G128, G129: boto3 with only endpoint_url changed', async () => {
  const s3Folder = scratchFolder()
  mkdirSync(join(s3Folder, 'firmware'))
  writeFileSync(join(s3Folder, 'firmware/app.bin'), 'firmware')
  const server = await startTestServer({ clock: 'system', s3Folder })
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
    'streams',
    'ota_updates',
    'identities',
  ])
})
