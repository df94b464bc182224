/** The script for bash, in bash. */
import { execFile } from 'node:child_process'
import { delimiter } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { exampleFolder, musterOnPath } from './ci-examples.ts'

const run = promisify(execFile)

it('bash completes commands and flags', async () => {
  const bin = musterOnPath(exampleFolder('shell'))
  const script = [
    'eval "$(muster completion bash)"',
    'COMP_WORDS=(muster policy ex) COMP_CWORD=2; _muster; echo "${COMPREPLY[@]}"',
    'COMP_WORDS=(muster up --log-) COMP_CWORD=2; _muster; echo "${COMPREPLY[@]}"',
  ].join('\n')
  const env = { ...process.env, PATH: [bin, process.env['PATH']].join(delimiter) }
  const { stdout } = await run('bash', ['-c', script], { env })
  expect(stdout).toBe('explain\n--log-level --log-format\n')
})
