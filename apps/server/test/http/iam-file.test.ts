/** Operators from a file (identities I1, I14). */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readIamAccount, type IamAccount } from '@muster/iam'
import { accept } from '@muster/model'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultOperators } from '../../src/authentication/default-operators.ts'
import { watchIamFiles } from '../../src/authentication/iam-file-watch.ts'
import { accountId, keysOf, startFixture } from './http-fixture.ts'
import { signedFetch } from './signed-fetch.ts'

const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }],
}
const key = { accessKeyId: 'AKIAOPS', secretAccessKey: 'secret' }

function read(document: unknown): IamAccount {
  const outcome = readIamAccount(document, { accountId, readKeySet: () => '' })
  if (!outcome.ok) throw new Error(outcome.error.message)
  return outcome.value
}

describe('identities I1: keys of the file', () => {
  it('a key has its user, policies and tags', () => {
    const users = [{ userName: 'ops', accessKeys: [key], policies: [policy], tags: { team: 'a' } }]
    const found = keysOf(read({ users })).find('AKIAOPS', undefined)
    expect(found).toMatchObject({ secretAccessKey: 'secret', expired: false })
    expect(found?.identity()).toMatchObject({
      arn: 'arn:aws:iam::123456789012:user/ops',
      userName: 'ops',
      layers: { identity: [{ policyName: 'inline-0' }], session: undefined },
      tags: { team: 'a' },
    })
  })

  it('a temporary key of the file needs its token, and has session policies', () => {
    const temporary = {
      ...key,
      sessionToken: 'token',
      expiration: '2030-01-01T00:00:00Z',
      sessionPolicies: [policy],
    }
    const keys = keysOf(read({ users: [{ userName: 'ops', accessKeys: [temporary] }] }))
    expect(keys.find('AKIAOPS', 'token')?.identity()).toMatchObject({
      layers: { session: [{ policyName: 'session-0' }] },
    })
    expect(keys.find('AKIAOPS', undefined)).toBeUndefined()
    expect(keys.find('AKIAOPS', 'other')).toBeUndefined()
  })

  it('a token with a long-term key is no key of ours', () => {
    const keys = keysOf(read({ users: [{ userName: 'ops', accessKeys: [key] }] }))
    expect(keys.find('AKIAOPS', 'token')).toBeUndefined()
  })
})

describe('identities I14: the file is followed', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'iam-'))
    file = join(folder, 'iam.json')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function write(users: unknown): void {
    // As editors do: a new file in the old one's place.
    writeFileSync(`${file}.new`, typeof users === 'string' ? users : JSON.stringify({ users }))
    renameSync(`${file}.new`, file)
  }

  it('follows the file; a fault keeps the former operators and is logged', async () => {
    const lines: string[] = []
    const log = pino({}, { write: (line: string) => void lines.push(line) })
    write([{ userName: 'ops', accessKeys: [key], policies: [policy] }])
    const { account, close } = watchIamFiles([file], accountId, log)
    const fixture = await startFixture({
      keys: keysOf(account),
      iot: { DescribeThing: () => accept({}) },
    })
    const status = async (accessKeyId: string): Promise<number> =>
      (
        await signedFetch(fixture.endpoint, {
          url: '/things/T',
          accessKeyId,
          secretAccessKey: 'secret',
        })
      ).status
    expect(await status('AKIAOPS')).toBe(200)
    expect(await status('test')).toBe(403)

    write([{ userName: 'ops', accessKeys: [{ ...key, accessKeyId: 'AKIANEW' }] }])
    await vi.waitFor(async () => expect(await status('AKIANEW')).toBe(200))
    expect(await status('AKIAOPS')).toBe(403)

    write('{')
    await vi.waitFor(() => expect(lines.join()).toMatch(/"level":50.*NOT reloaded/))
    expect(await status('AKIANEW')).toBe(200)
    close()
    await fixture.close()
  })

  it('a file that is wrong from the start is refused', () => {
    write('{')
    expect(() => watchIamFiles([file], accountId, pino({ level: 'silent' }))).toThrow(/not JSON/)
    expect(() => watchIamFiles([`${file}x`], accountId, pino({ level: 'silent' }))).toThrow(
      /ENOENT/,
    )
  })
})

it('identities I7: `test` is known on loopback only, and is an administrator as the first operator is', () => {
  const environment = { accessKeyId: 'FIRST', secretAccessKey: 's' }
  const idsOf = (loopback: boolean, first?: typeof environment): string[] =>
    [...defaultOperators(accountId, loopback, first).users.values()].flatMap(({ accessKeys }) =>
      accessKeys.map(({ accessKeyId }) => accessKeyId),
    )
  expect(idsOf(true)).toEqual(['test'])
  expect(idsOf(true, environment)).toEqual(['test', 'FIRST'])
  expect(idsOf(false, environment)).toEqual(['FIRST'])
  expect(idsOf(false)).toEqual([])
})

it('gateway G129: a session that ended is ExpiredTokenException', async () => {
  const temporary = { ...key, sessionToken: 'token', expiration: '2020-01-01T00:00:00Z' }
  const account = read({ users: [{ userName: 'ops', accessKeys: [temporary] }] })
  const fixture = await startFixture({ keys: keysOf(account) })
  const init = { url: '/things/T', ...key, sessionToken: 'token' }
  const reply = await signedFetch(fixture.endpoint, init)
  expect([reply.status, reply.error]).toEqual([403, 'ExpiredTokenException'])
  await fixture.close()
})
