/** The examples of `infra/ci` with programs from Debian, and with Jest from npm. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { exampleFolder } from './ci-examples.ts'
import { muster } from './muster-process.ts'

const run = promisify(execFile)
const python =
  process.env['PYTHON'] ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3')

it('the pytest example passes', async () => {
  const cwd = exampleFolder('pytest')
  const command = ['--', python, '-m', 'pytest', '-p', 'no:cacheprovider']
  const { code, stdout, stderr } = await muster(['exec', '--clock', 'virtual', ...command], { cwd })
  expect(stdout, stderr).toContain('2 passed')
  expect(code).toBe(0)
})

it('the Jest example passes', { timeout: 240_000 }, async () => {
  const cwd = exampleFolder('jest')
  await run('npm', ['init', '--yes'], { cwd })
  const packages = ['jest@30', 'mqtt@5', '@aws-sdk/client-iot@3']
  await run('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd })
  const command = ['--', process.execPath, 'node_modules/jest/bin/jest.js']
  const { code, stderr } = await muster(['exec', '--clock', 'virtual', ...command], {
    cwd,
    env: { NO_COLOR: '1' },
  })
  expect(stderr).toMatch(/Tests: +2 passed, 2 total/)
  expect(code).toBe(0)
})
