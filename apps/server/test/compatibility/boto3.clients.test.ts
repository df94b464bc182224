/** boto3 against a whole server: `boto3-walk.py` says what. */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { scratchFolder } from './documented-blocks.ts'
import { CURRENT_PYTHON, PYTHON } from './programs.ts'

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

it('neighbours N53 to N75, N102 to N112: boto3 with packages, role aliases and keys by certificate', async () => {
  const folder = scratchFolder()
  const iamFile = join(folder, 'iam.json')
  const managedPolicies = ['arn:aws:iam::aws:policy/AdministratorAccess']
  const accessKeys = [{ accessKeyId: 'test', secretAccessKey: 'test' }]
  const own = 'arn:aws:iot:us-east-1:123456789012:thing/${credentials-iot:ThingName}/$package'
  const allowed = { Effect: 'Allow', Action: 'iot:GetThingShadow', Resource: own }
  const policies = [{ Version: '2012-10-17', Statement: [allowed] }]
  const users = [{ userName: 'ops', managedPolicies, accessKeys }]
  const roles = [{ roleName: 'lamp-reader', policies }]
  writeFileSync(iamFile, JSON.stringify({ users, roles }))
  const server = await startTestServer({ clock: 'system', iamFiles: [iamFile] })
  onTestFinished(() => server.close())
  writeFileSync(join(folder, 'ca.pem'), server.caPem)
  const script = join(import.meta.dirname, 'boto3-catalog.py')
  const deviceUrl = `https://localhost:${server.httpsPort}`
  const { stdout } = await promisify(execFile)(CURRENT_PYTHON, [
    script,
    server.httpUrl,
    deviceUrl,
    folder,
  ])
  expect(stdout.trim().split('\n')).toEqual([
    'packages',
    'versions',
    'sboms',
    'package_jobs',
    'role_aliases',
    'credentials',
  ])
})
