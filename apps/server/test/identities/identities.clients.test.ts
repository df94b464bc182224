/** Every block of `docs/identities.md`, in its order, with an AWS CLI and a boto3 of today. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startServerProcess } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import {
  documentedBlocks,
  saveBlocks,
  scratchFolder,
  withPorts,
} from '../compatibility/documented-blocks.ts'
import { CURRENT_AWS, CURRENT_PYTHON } from '../compatibility/programs.ts'

const run = promisify(execFile)
const PAGE = 'identities.md'

it('identities I107: profiles with roles, and identity pools, by the AWS CLI and boto3', async () => {
  const folder = scratchFolder()
  for (const { file, text } of documentedBlocks(PAGE)) {
    if (file !== undefined) writeFileSync(join(folder, file), text)
  }
  await run(process.execPath, ['ci.mjs'], { cwd: folder })
  const server = await startServerProcess([
    '--data',
    join(folder, '.muster'),
    '--iam',
    join(folder, 'iam.json'),
    '--identity-pools',
    join(folder, 'pools.json'),
  ])
  onTestFinished(() => server.kill('SIGKILL'))
  saveBlocks(folder, server, PAGE)
  const lines = documentedBlocks(PAGE)
    .filter(({ language }) => language === 'sh')
    .map((block) => withPorts(block, server))
  const script = [
    'set -euo pipefail',
    'aws() { command "$AWS" "$@"; }',
    'python3() { command "$PYTHON" "$@"; }',
    ...lines,
  ].join('\n')
  const { stdout } = await run('bash', ['-c', script], {
    cwd: folder,
    env: {
      ...process.env,
      AWS: CURRENT_AWS,
      PYTHON: CURRENT_PYTHON,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  })
  expect(stdout).toContain('arn:aws:iam::123456789012:user/ann\n')
  expect(stdout).toMatch(/^arn:aws:sts::123456789012:assumed-role\/deployer\/\S+$/m)
  expect(stdout).toContain('is not authorized to perform: iot:ListThings')
  // boto3 and the AWS CLI by web_identity_token_file, the AWS CLI by role_arn
  const pipeline = /^arn:aws:sts::123456789012:assumed-role\/pipeline\/\S+$/gm
  expect(stdout.match(pipeline)).toHaveLength(2)
  expect(stdout.match(/^arn:aws:sts::123456789012:assumed-role\/deployer\/\S+$/gm)).toHaveLength(3)
  expect(stdout).toContain('arn:aws:sts::123456789012:assumed-role/deployer/by-hand\n')
  expect(stdout).toMatch(/^us-east-1:[0-9a-f-]{36}$/m)
  expect(stdout).toMatch(/^ASIA[A-Z2-7]{16}$/m)
  expect(stdout).toMatch(/^app$/m)
})
