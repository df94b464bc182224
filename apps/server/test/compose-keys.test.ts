/** The keys of `infra/compose.yaml` are its own: its ports are in reach of every web page. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { isGuessable } from '../src/authentication/guessable-key.ts'

const infra = new URL('../../../infra/', import.meta.url)

function makeKeys(folder: string, env: Record<string, string> = {}): Map<string, string> {
  const script = new URL('operator-keys.ts', infra).pathname
  const { PATH = '' } = process.env
  execFileSync(process.execPath, [script, folder], { env: { PATH, ...env } })
  const lines = readFileSync(join(folder, 'operator.env'), 'utf8').trim().split('\n')
  const pairs = lines.map((line) => /^export (\w+)='([\w-]+)'$/.exec(line) ?? [])
  const token = readFileSync(join(folder, 'admin-token'), 'utf8')
  return new Map([
    ...pairs.map(([, name = '', value = '']) => [name, value] as const),
    ['token', token],
  ])
}

it('are random, made once, and give way to those of the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const made = makeKeys(folder)
  const accessKeyId = made.get('MUSTER_ACCESS_KEY_ID') ?? ''
  const secretAccessKey = made.get('MUSTER_SECRET_ACCESS_KEY') ?? ''
  expect(isGuessable(accessKeyId, secretAccessKey)).toBe(false)
  expect(made.get('token')?.length).toBeGreaterThanOrEqual(40)
  expect(statSync(join(folder, 'operator.env')).mode & 0o777).toBe(0o600)
  expect(makeKeys(folder)).toEqual(made)

  const given = { MUSTER_ACCESS_KEY_ID: 'mine', MUSTER_SECRET_ACCESS_KEY: 'own' }
  expect(Object.fromEntries(makeKeys(folder, given))).toMatchObject(given)
  const other = mkdtempSync(join(tmpdir(), 'muster-keys-'))
  onTestFinished(() => rmSync(other, { recursive: true, force: true }))
  expect(makeKeys(other).get('MUSTER_SECRET_ACCESS_KEY')).not.toBe(secretAccessKey)
})

it('nothing in the compose file has a key or a token of its own', () => {
  const compose = readFileSync(new URL('compose.yaml', infra), 'utf8')
  const defaults = [...compose.matchAll(/\$\{(MUSTER_\w*(?:KEY|TOKEN)\w*):-([^}]*)\}/g)]
  expect(defaults.length).toBeGreaterThan(0)
  expect(defaults.map(([, , value]) => value)).toEqual(defaults.map(() => ''))
  expect(compose).not.toMatch(/(ACCESS_KEY\w*|TOKEN): +[^\s$]/)
  expect(compose).not.toMatch(/--admin-token=/)
})
