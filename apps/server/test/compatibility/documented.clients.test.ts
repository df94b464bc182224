/** Every shell and Python block of `docs/clients.md`, in its order, with the programs of Debian. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startServerProcess } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { documentedBlocks, saveBlocks, scratchFolder, withPorts } from './documented-blocks.ts'
import { AWS, PYTHON } from './programs.ts'

const run = promisify(execFile)

it('gateway probe 1, 2: the documented lines do what the page says', async () => {
  const folder = scratchFolder()
  const server = await startServerProcess([
    `--data=${join(folder, '.muster')}`,
    `--s3-folder=${join(folder, 'objects')}`,
  ])
  onTestFinished(() => server.kill('SIGKILL'))
  saveBlocks(folder, server)
  const lines = documentedBlocks()
    .filter(({ language }) => language === 'sh')
    .map((block) => withPorts(block, server))
  const script = [
    'set -euo pipefail',
    'aws() { "$AWS" "$@"; }',
    'python3() { "$PYTHON" "$@"; }',
    ...lines,
    'aws $endpoint iot list-jobs --status COMPLETED --query "length(jobs)" --output text',
  ].join('\n')
  const { stdout } = await run('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, AWS, PYTHON, AWS_EC2_METADATA_DISABLED: 'true' },
  })
  // AWS CLI: all four by pages of one, a token after one
  for (const job of [1, 2, 3, 4]) expect(stdout).toMatch(new RegExp(`^reboot-${job}$`, 'm'))
  expect(stdout).toMatch(/^eyJ\S+$/m)
  expect(stdout).toContain('"endpointAddress": "localhost"')
  // AWS CLI: a shadow, and the thing found by it
  expect(stdout).toContain('"state":{"desired":{"colour":"red"},"reported":{"colour":"green"},')
  expect(stdout).toMatch(/^lamp$/m)
  // AWS CLI: an OTA update, its document and its first block
  expect(stdout).toContain('"CREATE_COMPLETE"')
  expect(stdout).toMatch(/afr_ota.*AFR_OTA-[0-9a-f-]{36}/)
  expect(stdout).toMatch(/\{"c":"first","f":0,"l":1024,"i":0,"p":"[\w+/]{1366}=="\}/)
  // boto3, curl, mosquitto and paho each complete one
  expect(stdout).toMatch(/^COMPLETED$/m)
  expect(stdout).toContain('ResourceNotFoundException')
  expect(stdout).toMatch(/"traceId"/)
  expect(stdout).toContain('"clientToken":"one"')
  expect(stdout.trim()).toMatch(/\n4$/)
}, 300_000)
