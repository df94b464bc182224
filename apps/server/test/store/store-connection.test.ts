/** `--store`: what is connected to, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ExposureError } from '../../src/exposure.ts'
import { passwordNote, storeConnection } from '../../src/store/store-connection.ts'

/** No password file of whoever runs the tests. */
const none = { PGPASSFILE: '/nowhere/pgpass' }

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'store-connection-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'file.pem')
  writeFileSync(path, text)
  return path
}

it.each([
  'postgres://muster@localhost/fleet',
  'postgresql://muster@127.0.0.1:5432/fleet',
  'postgres://muster@[::1]/fleet',
  'postgres:///fleet?host=/var/run/postgresql&user=muster',
])('on this machine nothing more is needed: %s', (url) => {
  expect(storeConnection(url, none)).toMatchObject({
    user: 'muster',
    port: 5432,
    database: 'fleet',
    ssl: false,
  })
})

it('what the address lacks comes from the variables of PostgreSQL’s clients', () => {
  const ca = file('the authority')
  const environment = {
    ...none,
    PGHOST: 'db.example.com',
    PGPORT: '6432',
    PGUSER: 'core',
    PGPASSWORD: 's3cret',
    PGDATABASE: 'fleet',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: ca,
  }
  expect(storeConnection('postgres://', environment)).toEqual({
    host: 'db.example.com',
    port: 6432,
    user: 'core',
    password: 's3cret',
    database: 'fleet',
    ssl: { rejectUnauthorized: true, ca: 'the authority' },
  })
  const given = storeConnection('postgres://me:p%40ss@127.0.0.1:1/other', environment)
  expect(given).toMatchObject({ host: '127.0.0.1', user: 'me', password: 'p@ss', port: 1 })
})

it.each(['', '?sslmode=disable', '?sslmode=allow', '?sslmode=prefer'])(
  'beyond loopback a connection that may go without TLS is refused: %s',
  (mode) => {
    const connect = (): unknown =>
      storeConnection(`postgres://me:secret@db.example.com/fleet${mode}`, none)
    expect(connect).toThrow(ExposureError)
    expect(connect).toThrow('the database at `db.example.com` needs TLS: add ?sslmode=verify-full')
  },
)

it('beyond loopback somebody in particular connects: password, password file or certificate', () => {
  const url = 'postgres://me@db.example.com/fleet?sslmode=require'
  expect(() => storeConnection(url, none)).toThrow('needs credentials: PGPASSWORD')
  expect(storeConnection(url, { ...none, PGPASSWORD: 'x' })).toMatchObject({ password: 'x' })
  expect(storeConnection(url, { PGPASSFILE: file('*:*:*:*:x') })).toMatchObject({ user: 'me' })
  const key = file('the key')
  expect(storeConnection(`${url}&sslcert=${key}&sslkey=${key}`, none).ssl).toMatchObject({
    cert: 'the key',
    key: 'the key',
    rejectUnauthorized: true,
  })
})

it.each([
  ['mysql://db', 'expected postgres://user@host:port/database'],
  ['db.example.com', 'expected postgres://user@host:port/database'],
  ['postgres://h/d?target_session_attrs=any', 'there is no parameter `target_session_attrs`'],
  ['postgres://h/d?constructor=1', 'there is no parameter `constructor`'],
  ['postgres://h/d?sslmode=full', 'sslmode `full`: expected disable, allow'],
  ['postgres://h/d?sslmode=require&sslrootcert=/nowhere/ca.pem', 'sslrootcert `/nowhere/ca.pem`'],
])('%s is refused, saying what was expected', (url, message) => {
  expect(() => storeConnection(url, none)).toThrow(message)
})

it('a password in the address is accepted, and never repeated', () => {
  expect(passwordNote('postgres://me:secret@127.0.0.1/d')).toContain('set PGPASSWORD')
  expect(passwordNote('postgres://me@127.0.0.1/d')).toBeUndefined()
  expect(() => storeConnection('mysql://me:secret@db', none)).not.toThrow('secret')
})
