/** `pnpm faults` as it is mistyped. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

test.each([
  [['--cycle', '2'], "Unknown option '--cycle'"],
  [['--cycles', 'many'], 'usage: pnpm faults --cycles N'],
  [['--only', 'nothing'], 'kinds: kill -9, SIGTERM, SIGSTOP'],
])('`faults %s` does nothing and says what was expected', (flags, message) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [MAIN, ...flags], {
    encoding: 'utf8',
  })
  expect(stderr).toContain(message)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
})
