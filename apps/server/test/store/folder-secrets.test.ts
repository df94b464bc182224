/** Keys that a core with another folder needs, sealed with the account or kept beside it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@muster/store'
import { expect, it, onTestFinished } from 'vitest'
import { openDataFolder, type DataFolder } from '../../src/data-folder.ts'
import { openServerIdentity } from '../../src/server-identity.ts'
import { FolderSecrets } from '../../src/store/folder-secrets.ts'
import { sealOf } from '../../src/store/sealed-files.ts'

const KEY = 'k'.repeat(32)

async function newFolder({ hasAuthority = true } = {}): Promise<DataFolder> {
  const path = mkdtempSync(join(tmpdir(), 'folder-secrets-'))
  const folder = openDataFolder(join(path, 'data'))
  onTestFinished(() => {
    folder.release()
    rmSync(path, { recursive: true, force: true })
  })
  if (hasAuthority) {
    await openServerIdentity(folder.path, ['localhost'], Date.now())
    writeFileSync(folder.file('sessions.key'), Buffer.alloc(32, 7), { mode: 0o600 })
  }
  return folder
}

function newStore(): ReturnType<typeof openStore> {
  const store = openStore()
  onTestFinished(() => store.close())
  return store
}

it('a sealed secret opens with its key and under its name alone', () => {
  const seal = sealOf(KEY)
  const sealed = seal.seal('a', Buffer.from('secret'))
  expect(seal.open('a', sealed)?.toString()).toBe('secret')
  expect(seal.open('b', sealed)).toBeUndefined()
  expect(sealOf('x'.repeat(32)).open('a', sealed)).toBeUndefined()
  expect(
    seal.open(
      'a',
      sealed.map((byte, index) => (index === 15 ? byte ^ 1 : byte)),
    ),
  ).toBeUndefined()
  expect(Buffer.from(sealed).includes('secret')).toBe(false)
  expect(() => sealOf('short')).toThrow('has 5 characters, expected 32 at least')
})

it('with a key an empty folder gets the keys of the account, for its user alone', async () => {
  const { records } = newStore()
  const first = await newFolder()
  new FolderSecrets(first, records, KEY).keep()
  const second = await newFolder({ hasAuthority: false })
  new FolderSecrets(second, records, KEY).restore()
  for (const name of ['authority/ca.key', 'authority/ca.pem', 'sessions.key']) {
    expect(readFileSync(second.file(name))).toEqual(readFileSync(first.file(name)))
    expect(statSync(second.file(name)).mode & 0o777).toBe(0o600)
  }
  expect(existsSync(second.file('cognito.key'))).toBe(false)
})

it('what changed is sealed anew, what went is forgotten, what stayed is not written again', async () => {
  const store = newStore()
  const folder = await newFolder()
  const secrets = new FolderSecrets(folder, store.records, KEY)
  writeFileSync(folder.file('cognito.key'), 'one')
  secrets.keep()
  store.commit()
  secrets.keep()
  expect(store.dirty).toBe(false)
  writeFileSync(folder.file('cognito.key'), 'two')
  secrets.keep()
  expect(store.dirty).toBe(true)
  rmSync(folder.file('cognito.key'))
  secrets.keep()
  expect(store.records.get('coreSecret', 'cognito.key')).toBeUndefined()
  // A reset empties the store: all of it is there again.
  store.reset()
  secrets.keep()
  expect(store.records.get('coreSecret', 'sessions.key')).toBeDefined()
})

it.each([
  ['no key', undefined, 'give --store-key-file or MUSTER_STORE_KEY'],
  ['another key', 'z'.repeat(32), 'was sealed with another key than --store-key-file'],
])('sealed keys with %s are refused', async (_what, key, message) => {
  const { records } = newStore()
  new FolderSecrets(await newFolder(), records, KEY).keep()
  const second = await newFolder({ hasAuthority: false })
  expect(() => new FolderSecrets(second, records, key).restore()).toThrow(message)
})

it.each([
  [
    'an empty folder without a key',
    false,
    'whose authority is in another data folder: copy `authority`',
  ],
  ['the folder of another account', true, 'is not that of the account in the database'],
])('%s may not lead, or its devices would trust nobody', async (_what, hasAuthority, message) => {
  const { records } = newStore()
  const first = await newFolder()
  new FolderSecrets(first, records, undefined).keep()
  expect([...records.load('coreSecret')]).toEqual([])
  new FolderSecrets(first, records, undefined).restore()
  const second = await newFolder({ hasAuthority })
  expect(() => new FolderSecrets(second, records, undefined).restore()).toThrow(message)
})
