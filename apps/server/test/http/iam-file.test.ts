/** Operators from a file (issue 3, point 4). */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accept } from '@muster/model'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultOperators } from '../../src/authentication/default-operators.ts'
import { watchIamFile } from '../../src/authentication/iam-file-watch.ts'
import { parseIamFile } from '../../src/authentication/iam-file.ts'
import { IamUsers } from '../../src/authentication/iam-users.ts'
import { accountId, startFixture } from './http-fixture.ts'
import { signedFetch } from './signed-fetch.ts'

const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }],
}
const key = { accessKeyId: 'AKIAOPS', secretAccessKey: 'secret' }

function parsed(users: unknown): string {
  const outcome = parseIamFile(JSON.stringify({ users }), accountId)
  return outcome.ok ? [...outcome.value.keys()].join() : outcome.error.message
}

describe('issue 3: the file', () => {
  it('gives each key its user, policies and tags', () => {
    const users = [{ userName: 'ops', accessKeys: [key], policies: [policy], tags: { team: 'a' } }]
    const outcome = parseIamFile(JSON.stringify({ users }), accountId)
    expect(outcome).toMatchObject({ ok: true })
    if (!outcome.ok) return
    expect(outcome.value.get('AKIAOPS')).toMatchObject({
      secretAccessKey: 'secret',
      identity: {
        arn: 'arn:aws:iam::123456789012:user/ops',
        userName: 'ops',
        policies: [{ policyName: 'inline-0' }],
        sessionPolicies: undefined,
        tags: { team: 'a' },
      },
    })
  })

  it('takes temporary credentials with session policies', () => {
    const temporary = {
      ...key,
      sessionToken: 'token',
      expiration: '2030-01-01T00:00:00Z',
      sessionPolicies: [policy],
    }
    const users = [{ userName: 'ops', accessKeys: [temporary] }]
    const outcome = parseIamFile(JSON.stringify({ users }), accountId)
    expect(outcome.ok && outcome.value.get('AKIAOPS')).toMatchObject({
      sessionToken: 'token',
      expiresAtMs: Date.parse('2030-01-01T00:00:00Z'),
      identity: { sessionPolicies: [{ policyName: 'session-0' }] },
    })
  })

  it.for([
    [[{ accessKeys: [key] }], 'users[0].userName: expected a text'],
    [[{ userName: 'a b' }], 'users[0].userName: `a b`'],
    [[{ userName: 'a', accesskeys: [] }], /unknown member `accesskeys`/],
    [[{ userName: 'a', accessKeys: [key, key] }], /`AKIAOPS` twice/],
    [[{ userName: 'a', policies: [{}] }], /^users\[0\]\.policies\[0\]: /],
    [[{ userName: 'a', accessKeys: [{ ...key, expiration: 'x' }] }], /need a `sessionToken`/],
    [{}, 'users: expected a list'],
  ] as const)('says where a fault is: %j', ([users, message]) => {
    expect(parsed(users)).toMatch(message)
  })

  it('says that it is not JSON', () => {
    const outcome = parseIamFile('{', accountId)
    expect(outcome.ok ? '' : outcome.error.message).toMatch(/^not JSON: /)
  })
})

describe('issue 3: hot reload', () => {
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
    const { users, close } = watchIamFile(file, accountId, log)
    const fixture = await startFixture({ keys: users, iot: { DescribeThing: () => accept({}) } })
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
    await vi.waitFor(async () => expect(await status('AKIANEW')).toBe(200), 5000)
    expect(await status('AKIAOPS')).toBe(403)

    write('{')
    await vi.waitFor(() => expect(lines.join()).toMatch(/"level":50.*NOT reloaded/), 5000)
    expect(await status('AKIANEW')).toBe(200)
    close()
    await fixture.close()
  })

  it('a file that is wrong from the start is refused', () => {
    write('{')
    expect(() => watchIamFile(file, accountId, pino({ level: 'silent' }))).toThrow(/not JSON/)
    expect(() => watchIamFile(`${file}x`, accountId, pino({ level: 'silent' }))).toThrow(/ENOENT/)
  })
})

it('design, defaults: `test` is known on loopback only', () => {
  const environment = { accessKeyId: 'FIRST', secretAccessKey: 's' }
  const keysOf = (loopback: boolean, first?: typeof environment): string[] => [
    ...defaultOperators(accountId, loopback, first).keys(),
  ]
  expect(keysOf(true)).toEqual(['test'])
  expect(keysOf(true, environment)).toEqual(['test', 'FIRST'])
  expect(keysOf(false, environment)).toEqual(['FIRST'])
  expect(keysOf(false)).toEqual([])
})

it('gateway G129: a session that ended is ExpiredTokenException', async () => {
  const temporary = { ...key, sessionToken: 'token', expiration: '2020-01-01T00:00:00Z' }
  const text = JSON.stringify({ users: [{ userName: 'ops', accessKeys: [temporary] }] })
  const outcome = parseIamFile(text, accountId)
  if (!outcome.ok) throw new Error(outcome.error.message)
  const fixture = await startFixture({ keys: new IamUsers(outcome.value) })
  const init = { url: '/things/T', ...key, sessionToken: 'token' }
  const reply = await signedFetch(fixture.endpoint, init)
  expect([reply.status, reply.error]).toEqual([403, 'ExpiredTokenException'])
  await fixture.close()
})
