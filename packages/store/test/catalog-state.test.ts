/** What every state of the catalog must do, in memory and on SQLite, and that a file keeps it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  MemoryCatalogState,
  type CatalogState,
  type PackageRecord,
  type PackageVersionRecord,
  type PackageVersionStatus,
} from '@muster/catalog'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../src/index.ts'

const store = openStore()
afterAll(() => store.close())

function emptied(): CatalogState {
  store.reset()
  return store.catalog
}

const created = { token: '', content: '{}' }

function somePackage(packageName: string, defaultVersionName?: string): PackageRecord {
  return {
    packageName,
    ...(defaultVersionName !== undefined && { defaultVersionName }),
    createdAtMs: 1,
    modifiedAtMs: 2,
    created,
  }
}

function someVersion(
  packageName: string,
  versionName: string,
  status: PackageVersionStatus = 'DRAFT',
): PackageVersionRecord {
  const attributes = { key: 'ß' }
  return {
    packageName,
    versionName,
    attributes,
    status,
    createdAtMs: 1,
    modifiedAtMs: 2,
    created,
  }
}

const names = (found: readonly PackageVersionRecord[]): readonly string[] =>
  found.map(({ versionName }) => versionName)

describe.each([
  ['memory', () => new MemoryCatalogState()],
  ['SQLite', emptied],
])('catalog state: %s', (_name, open) => {
  it('gives back what was put, and nothing after it was deleted', () => {
    const state = open()
    expect([state.package('a'), state.version('a', '1'), state.configuration()]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    state.putPackage(somePackage('a'))
    state.putPackage(somePackage('a', '1'))
    state.putVersion(someVersion('a', '1'))
    state.putVersion(someVersion('a', '1', 'PUBLISHED'))
    state.putVersion(someVersion('b', '1'))
    expect(state.package('a')).toEqual(somePackage('a', '1'))
    expect(state.version('a', '1')).toEqual(someVersion('a', '1', 'PUBLISHED'))
    expect([state.countPackages(), state.countVersions()]).toEqual([1, 2])
    state.deleteVersion('a', '1')
    state.deletePackage('a')
    expect([state.package('a'), state.version('a', '1')]).toEqual([undefined, undefined])
    expect(state.version('b', '1')).toEqual(someVersion('b', '1'))
  })

  it('lists packages in the order of their names, page by page', () => {
    const state = open()
    for (const name of ['b', 'B', '1', 'a.b', 'a']) state.putPackage(somePackage(name))
    const listed = (after: string, limit: number): string[] =>
      state.packages({ after, limit }).map(({ packageName }) => packageName)
    expect(listed('', 9)).toEqual(['1', 'B', 'a', 'a.b', 'b'])
    expect(listed('B', 2)).toEqual(['a', 'a.b'])
  })

  it('lists versions of one package, of one status where one is asked for', () => {
    const state = open()
    state.putVersion(someVersion('a', '1.10', 'PUBLISHED'))
    state.putVersion(someVersion('a', '1.9'))
    state.putVersion(someVersion('a', '2', 'PUBLISHED'))
    state.putVersion(someVersion('ab', '1'))
    expect(names(state.versions('a', undefined, { after: '', limit: 9 }))).toEqual([
      '1.10',
      '1.9',
      '2',
    ])
    expect(names(state.versions('a', 'PUBLISHED', { after: '1.10', limit: 9 }))).toEqual(['2'])
    state.putVersion(someVersion('a', '2', 'DEPRECATED'))
    expect(names(state.versions('a', 'PUBLISHED', { after: '', limit: 9 }))).toEqual(['1.10'])
    expect(names(state.versions('a', undefined, { after: '', limit: 1 }))).toEqual(['1.10'])
  })

  it('keeps one configuration', () => {
    const state = open()
    state.putConfiguration({ enabled: true, roleArn: 'arn:a' })
    state.putConfiguration({ enabled: false, roleArn: 'arn:b' })
    expect(state.configuration()).toEqual({ enabled: false, roleArn: 'arn:b' })
  })
})

it('neighbours N5: a restart keeps packages, versions and the configuration; a reset none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'muster.db')
  const before = openStore({ file })
  before.catalog.putPackage(somePackage('a', '1'))
  before.catalog.putVersion(someVersion('a', '1', 'PUBLISHED'))
  before.catalog.putConfiguration({ enabled: true })
  before.commit()
  before.close()
  const after = openStore({ file })
  expect(after.catalog.package('a')).toEqual(somePackage('a', '1'))
  expect(after.catalog.version('a', '1')).toEqual(someVersion('a', '1', 'PUBLISHED'))
  expect(after.catalog.configuration()).toEqual({ enabled: true })
  after.reset()
  expect([after.catalog.countPackages(), after.catalog.countVersions()]).toEqual([0, 0])
  expect(after.catalog.configuration()).toBeUndefined()
  after.close()
})
