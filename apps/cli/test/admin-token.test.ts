/** Where the admin token comes from. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { adminToken } from '../src/flags/admin-token.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-token-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(text: string): string {
  const path = join(folder, `${text.trim()}-token`)
  writeFileSync(path, text)
  return path
}

const none = { flag: undefined, file: undefined, environment: undefined }

it('a flag comes before a file, a file before the environment', () => {
  expect(adminToken({ flag: 'a', file: file('b\n'), environment: 'c' })).toBe('a')
  expect(adminToken({ ...none, file: file('b\n'), environment: 'c' })).toBe('b')
  expect(adminToken({ ...none, environment: 'c' })).toBe('c')
  expect(adminToken({ ...none, environment: '' })).toBeUndefined()
  expect(adminToken(none)).toBeUndefined()
})

it('an empty one is refused, naming where it stands', () => {
  expect(() => adminToken({ ...none, flag: '', environment: 'c' })).toThrow(
    '--admin-token is empty',
  )
  const empty = file('\n')
  expect(() => adminToken({ ...none, file: empty })).toThrow(`--admin-token-file ${empty} is empty`)
  const missing = join(folder, 'missing')
  expect(() => adminToken({ ...none, file: missing })).toThrow(`${missing} cannot be read`)
})
