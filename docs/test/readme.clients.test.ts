/** "Use it as AWS": the README's lines, with the AWS CLI of Debian. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'apps/cli/src/main.ts')
const AWS = process.env['AWS'] ?? (existsSync('/usr/bin/aws') ? '/usr/bin/aws' : 'aws')

it('Use it as AWS: the environment names the server, a thing and a job are made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const block = /^## Use it as AWS\n+```sh\n(.*?)^```$/ms.exec(page)?.[1] ?? ''
  const [up = '', ...lines] = block.split('\n')
  expect(up).toMatch(/^npx -y pnpm@12 muster up\b/)

  const ports = ['--mqtt-port', '--https-port', '--alpn-port', '--http-port']
  const server = spawn(
    process.execPath,
    [MAIN, 'up', '--json', ...ports.flatMap((flag) => [flag, '0'])],
    { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  onTestFinished(async () => {
    server.kill('SIGINT')
    await once(server, 'close')
  })
  await once(server.stdout, 'data')

  const script = [
    'set -euo pipefail',
    'npx() { shift; while [ "$1" != muster ]; do shift; done; shift; "$NODE" "$MAIN" "$@"; }',
    'aws() { "$AWS" "$@"; }',
    ...lines,
    'aws --endpoint-url "$AWS_ENDPOINT_URL" iot describe-job --job-id reboot --query job.status --output text',
  ].join('\n')
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, AWS, MAIN, NODE: process.execPath, AWS_EC2_METADATA_DISABLED: 'true' },
  })
  expect(stdout).toMatch(/^# thing lamp, certificate /m)
  expect(stdout.trim()).toMatch(/^IN_PROGRESS$/m)
})
