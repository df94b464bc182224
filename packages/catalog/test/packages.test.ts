/** Packages: creation, default versions, deletion, quotas. */
import { describe, expect, it } from 'vitest'
import { ACCOUNT, catalogWorld, code, NOW_MS, value } from './catalog-world.ts'

const arn = (name: string): string => `arn:aws:iot:us-east-1:${ACCOUNT.accountId}:package/${name}`
const TOKEN = 'a'.repeat(36)

describe('neighbours N55, N56: what is answered', () => {
  it('of a creation and afterwards', () => {
    const { catalog, tags } = catalogWorld()
    const input = { packageName: 'app', description: 'd', tags: { a: '1' } }
    expect(value(catalog.createPackage(input, NOW_MS))).toEqual({
      packageName: 'app',
      packageArn: arn('app'),
      description: 'd',
    })
    expect([...tags]).toEqual([[arn('app'), { a: '1' }]])
    value(catalog.updatePackage({ packageName: 'app', description: 'e' }, NOW_MS + 5))
    expect(value(catalog.getPackage({ packageName: 'app' }))).toEqual({
      packageName: 'app',
      packageArn: arn('app'),
      description: 'e',
      defaultVersionName: undefined,
      creationDate: new Date(NOW_MS),
      lastModifiedDate: new Date(NOW_MS + 5),
    })
  })

  it('a taken name is a conflict that names it', () => {
    const { catalog, version } = catalogWorld()
    version('app', '1')
    expect(catalog.createPackage({ packageName: 'app' }, NOW_MS)).toMatchObject({
      error: { code: 'ConflictException', members: { resourceId: 'app' } },
    })
    const again = { packageName: 'app', versionName: '1' }
    expect(catalog.createPackageVersion(again, NOW_MS)).toMatchObject({
      error: { code: 'ConflictException', members: { resourceId: '1' } },
    })
  })

  it('what is absent is 404 for who reads and changes it', () => {
    const { catalog } = catalogWorld()
    const packageName = 'none'
    expect(code(catalog.getPackage({ packageName }))).toBe('ResourceNotFoundException')
    expect(code(catalog.updatePackage({ packageName }, NOW_MS))).toBe('ResourceNotFoundException')
  })
})

describe('neighbours N53: client tokens', () => {
  it('repeat the answer of a creation with the same content, whatever came after', () => {
    const { catalog } = catalogWorld()
    const input = { packageName: 'app', description: 'd', clientToken: TOKEN }
    const first = value(catalog.createPackage(input, NOW_MS))
    value(catalog.updatePackage({ packageName: 'app', description: 'e' }, NOW_MS))
    expect(value(catalog.createPackage(input, NOW_MS))).toEqual(first)
    expect(code(catalog.createPackage({ ...input, description: 'x' }, NOW_MS))).toBe(
      'ConflictException',
    )
    const other = { ...input, clientToken: 'b'.repeat(36) }
    expect(code(catalog.createPackage(other, NOW_MS))).toBe('ConflictException')
  })

  it('repeat the latest update without doing it twice', () => {
    const { catalog, version } = catalogWorld()
    version('app', '1')
    const input = { packageName: 'app', versionName: '1', clientToken: TOKEN }
    const publish = { ...input, action: 'PUBLISH' } as const
    value(catalog.updatePackageVersion(publish, NOW_MS))
    expect(code(catalog.updatePackageVersion(publish, NOW_MS))).toBe('ok')
    const bare = { packageName: 'app', versionName: '1', action: 'PUBLISH' } as const
    expect(code(catalog.updatePackageVersion(bare, NOW_MS))).toBe('ConflictException')
  })

  it('a request without a token is never taken for another', () => {
    const { catalog } = catalogWorld()
    value(catalog.createPackage({ packageName: 'app' }, NOW_MS))
    expect(code(catalog.createPackage({ packageName: 'app' }, NOW_MS))).toBe('ConflictException')
  })
})

describe('neighbours N59: the default version', () => {
  const setDefault = { packageName: 'app', defaultVersionName: '1' }

  it('is an existing one that is PUBLISHED or DEPRECATED', () => {
    const { catalog, version } = catalogWorld()
    version('app', '1')
    expect(code(catalog.updatePackage(setDefault, NOW_MS))).toBe('ValidationException')
    const unknown = { ...setDefault, defaultVersionName: '9' }
    expect(code(catalog.updatePackage(unknown, NOW_MS))).toBe('ResourceNotFoundException')
    version('app', '2', 'PUBLISH')
    version('app', '3', 'DEPRECATE')
    for (const defaultVersionName of ['2', '3']) {
      expect(code(catalog.updatePackage({ ...setDefault, defaultVersionName }, NOW_MS))).toBe('ok')
    }
    expect(catalog.defaultVersion('app')).toEqual({ name: '3' })
  })

  it('stays when something else changes, and goes when it is unset', () => {
    const { catalog, version } = catalogWorld()
    version('app', '1', 'PUBLISH')
    value(catalog.updatePackage(setDefault, NOW_MS))
    value(catalog.updatePackage({ packageName: 'app', description: 'd' }, NOW_MS))
    expect(catalog.defaultVersion('app')).toEqual({ name: '1' })
    const both = { ...setDefault, unsetDefaultVersion: true }
    expect(code(catalog.updatePackage(both, NOW_MS))).toBe('ValidationException')
    value(catalog.updatePackage({ packageName: 'app', unsetDefaultVersion: true }, NOW_MS))
    expect(catalog.defaultVersion('app')).toEqual({})
    expect(catalog.defaultVersion('none')).toBeUndefined()
  })
})

describe('neighbours N60: deletion', () => {
  it('goes version by version, and takes tags along', () => {
    const { catalog, tags, version } = catalogWorld()
    version('app', '1', 'PUBLISH')
    tags.set(arn('app/version/1'), {}).set(arn('app'), {})
    value(catalog.updatePackage({ packageName: 'app', defaultVersionName: '1' }, NOW_MS))
    const one = { packageName: 'app', versionName: '1' }
    expect(code(catalog.deletePackageVersion(one))).toBe('ValidationException')
    expect(code(catalog.deletePackage({ packageName: 'app' }))).toBe('ValidationException')
    value(catalog.updatePackage({ packageName: 'app', unsetDefaultVersion: true }, NOW_MS))
    expect(code(catalog.deletePackage({ packageName: 'app' }))).toBe('ValidationException')
    expect(catalog.hasResource(arn('app/version/1'))).toBe(true)
    expect(value(catalog.deletePackageVersion(one))).toEqual({})
    expect(catalog.hasResource(arn('app/version/1'))).toBe(false)
    expect(catalog.hasResource(arn('app'))).toBe(true)
    expect(value(catalog.deletePackage({ packageName: 'app' }))).toEqual({})
    expect(tags.size).toBe(0)
  })

  it('of the absent succeeds', () => {
    const { catalog } = catalogWorld()
    expect(value(catalog.deletePackage({ packageName: 'a' }))).toEqual({})
    const absent = { packageName: 'a', versionName: '1' }
    expect(value(catalog.deletePackageVersion(absent))).toEqual({})
  })
})

it('neighbours N55: a hundred packages and ten thousand versions, no more', () => {
  const few = catalogWorld({ packagesMax: 2, versionsMax: 2 })
  few.version('a', '1')
  few.version('b', '1')
  const third = few.catalog.createPackage({ packageName: 'c' }, NOW_MS)
  expect(code(third)).toBe('ServiceQuotaExceededException')
  const version = few.catalog.createPackageVersion({ packageName: 'a', versionName: '2' }, NOW_MS)
  expect(code(version)).toBe('ServiceQuotaExceededException')
  const { catalog, state } = catalogWorld()
  for (let at = 0; at < 100; at += 1) value(catalog.createPackage({ packageName: `p${at}` }, 0))
  expect(code(catalog.createPackage({ packageName: 'more' }, 0))).toBe(
    'ServiceQuotaExceededException',
  )
  expect(state.countPackages()).toBe(100)
})

it('neighbours N53: a page and its token belong to one list', () => {
  const { catalog, version } = catalogWorld()
  for (const name of ['a', 'b', 'c']) version(name, '1')
  const first = value(catalog.listPackages({ maxResults: 2 }))
  expect(first.packageSummaries?.map(({ packageName }) => packageName)).toEqual(['a', 'b'])
  const { nextToken } = first
  const second = value(catalog.listPackages({ maxResults: 2, nextToken }))
  expect(second.packageSummaries?.map(({ packageName }) => packageName)).toEqual(['c'])
  expect(second.nextToken).toBeUndefined()
  const elsewhere = catalog.listPackageVersions({ packageName: 'a', nextToken })
  expect(code(elsewhere)).toBe('ValidationException')
  expect(code(catalog.listPackages({ nextToken: 'x' }))).toBe('ValidationException')
})
