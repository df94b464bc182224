/** Every shell and Python block of `docs/clients.md`, in its order, with the programs of Debian. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startServerProcess } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { documentedBlocks, saveBlocks, scratchFolder, withPorts } from './documented-blocks.ts'
import { AWS, CURRENT_AWS, CURRENT_PYTHON, PYTHON } from './programs.ts'

const run = promisify(execFile)
const PACKAGES = 'Packages and role aliases'

it('gateway probe 1, 2: the documented lines do what the page says', async () => {
  const folder = scratchFolder()
  const server = await startServerProcess([
    `--data=${join(folder, '.muster')}`,
    `--s3-folder=${join(folder, 'objects')}`,
  ])
  onTestFinished(() => server.kill('SIGKILL'))
  saveBlocks(folder, server)
  const lines = documentedBlocks()
    // Debian's programs know no packages; those of that section are run by themselves.
    .filter(({ heading, language }) => language === 'sh' && heading !== PACKAGES)
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

it('neighbours N53, N71, N75, N104, N112: the documented walks of packages and role aliases', async () => {
  const folder = scratchFolder()
  const blocks = documentedBlocks().filter(({ heading }) => heading === PACKAGES)
  for (const { file, text } of blocks) {
    if (file !== undefined) writeFileSync(join(folder, file), text)
  }
  const data = join(folder, '.muster')
  const server = await startServerProcess(['--data', data, '--iam', join(folder, 'operators.json')])
  onTestFinished(() => server.kill('SIGKILL'))
  saveBlocks(folder, server)
  const script = [
    'set -euo pipefail',
    'aws() { command "$AWS" "$@"; }',
    'python3() { command "$PYTHON" "$@"; }',
    ...blocks.filter(({ language }) => language === 'sh').map((block) => withPorts(block, server)),
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
  // The document with the attribute in it, the thing found by its version, and the count
  expect(stdout).toContain('{"url":"https://example.com/lamp-os-1.0.0.bin"}')
  expect(stdout).toMatch(/^lamp$/m)
  expect(stdout).toMatch(/^1$/m)
  // Keys by certificate, who they are, and what they may
  expect(stdout).toContain('arn:aws:sts::123456789012:assumed-role/lamp-reader/')
  expect(stdout).toContain("{'lamp-os': {'version': '1.0.0'}}")
  expect(stdout).toContain('ForbiddenException')
}, 300_000)
