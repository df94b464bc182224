/** Versions: statuses, what may change when, bills of materials, what jobs installed. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { catalogWorld, code, NOW_MS, value, type CatalogWorld } from './catalog-world.ts'

const ONE = { packageName: 'app', versionName: '1' }
const arn = (rest: string): string => `arn:aws:iot:us-east-1:123456789012:package/${rest}`

function update(world: CatalogWorld, changes: object): string {
  return code(world.catalog.updatePackageVersion({ ...ONE, ...changes }, NOW_MS))
}

function status({ catalog }: CatalogWorld): string | undefined {
  return value(catalog.getPackageVersion(ONE)).status
}

describe('neighbours N57: statuses', () => {
  it.each([
    [undefined, 'PUBLISH', 'PUBLISHED'],
    [undefined, 'DEPRECATE', undefined],
    ['PUBLISH', 'PUBLISH', undefined],
    ['PUBLISH', 'DEPRECATE', 'DEPRECATED'],
    ['DEPRECATE', 'PUBLISH', 'PUBLISHED'],
    ['DEPRECATE', 'DEPRECATE', undefined],
  ] as const)('from %s, %s leads to %s', (before, action, after) => {
    const world = catalogWorld()
    world.version('app', '1', before)
    const was = status(world)
    expect(update(world, { action })).toBe(after === undefined ? 'ConflictException' : 'ok')
    expect(status(world)).toBe(after ?? was)
  })

  it('any sequence of moves ends where the three allowed ones lead', () => {
    const next: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      DRAFT: { PUBLISH: 'PUBLISHED' },
      PUBLISHED: { DEPRECATE: 'DEPRECATED' },
      DEPRECATED: { PUBLISH: 'PUBLISHED' },
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom('PUBLISH', 'DEPRECATE')), (actions) => {
        const world = catalogWorld()
        world.version('app', '1')
        let expected = 'DRAFT'
        for (const action of actions) {
          const moved = next[expected]?.[action]
          expect(update(world, { action })).toBe(moved === undefined ? 'ConflictException' : 'ok')
          expected = moved ?? expected
        }
        expect(status(world)).toBe(expected)
      }),
    )
  })
})

describe('neighbours N58: what may change', () => {
  const artifact = { s3Location: { bucket: 'b', key: 'k' } }
  const attributes = { k: 'v' }

  it.each([
    [undefined, ['attributes', 'artifact', 'recipe', 'description']],
    ['PUBLISH', ['recipe', 'description']],
    ['DEPRECATE', ['description']],
  ] as const)('after %s: %j', (action, allowed) => {
    const changes = { attributes, artifact, recipe: 'r', description: 'd' }
    for (const [member, changed] of Object.entries(changes)) {
      const world = catalogWorld()
      world.version('app', '1', action)
      const before = value(world.catalog.getPackageVersion(ONE))
      const isAllowed = allowed.some((one) => one === member)
      expect(update(world, { [member]: changed })).toBe(isAllowed ? 'ok' : 'ConflictException')
      const after = value(world.catalog.getPackageVersion(ONE))
      expect(after).toEqual(isAllowed ? { ...before, [member]: changed } : before)
    }
  })

  it('a refused change changes nothing of what came with it', () => {
    const world = catalogWorld()
    world.version('app', '1', 'PUBLISH')
    expect(update(world, { description: 'd', attributes })).toBe('ConflictException')
    expect(value(world.catalog.getPackageVersion(ONE)).description).toBeUndefined()
  })
})

it('neighbours N54: attributes have 3 KB together', () => {
  const world = catalogWorld()
  world.version('app', '0')
  const make = (text: string): string =>
    code(world.catalog.createPackageVersion({ ...ONE, attributes: { k: text } }, NOW_MS))
  expect(make('v'.repeat(3072))).toBe('ValidationException')
  expect(make('ü'.repeat(1536))).toBe('ValidationException')
  expect(make('v'.repeat(3071))).toBe('ok')
  expect(update(world, { attributes: { k: 'v'.repeat(3072) } })).toBe('ValidationException')
})

it('neighbours N55: of an unknown package there are no versions', () => {
  const { catalog } = catalogWorld()
  expect(code(catalog.createPackageVersion(ONE, NOW_MS))).toBe('ValidationException')
  expect(code(catalog.getPackageVersion(ONE))).toBe('ResourceNotFoundException')
  expect(value(catalog.listPackageVersions({ packageName: 'app' }))).toEqual({
    packageVersionSummaries: [],
  })
})

describe('neighbours N61: bills of materials', () => {
  const s3Location = { bucket: 'b', key: 'k', version: 'v' }

  it.each([
    [undefined, 'Associate request needs to include SBOM reference'],
    [{}, 'Associate request needs to include SBOM reference'],
    [{ s3Location: {} }, 'S3 bucket name for SBOM cannot be null'],
    [{ s3Location: { bucket: 'b' } }, 'S3 key name for SBOM cannot be null'],
    [{ s3Location: { bucket: 'b', key: 'k' } }, 'S3 object version for SBOM cannot be null'],
  ])('%j is refused', (sbom, message) => {
    const { catalog } = catalogWorld()
    expect(catalog.associateSbom({ ...ONE, sbom }, NOW_MS)).toMatchObject({
      error: { code: 'ValidationException', message },
    })
  })

  it('are kept until they are taken away', () => {
    const { catalog, version } = catalogWorld()
    expect(code(catalog.associateSbom({ ...ONE, sbom: { s3Location } }, NOW_MS))).toBe(
      'ResourceNotFoundException',
    )
    version('app', '1', 'DEPRECATE')
    value(catalog.associateSbom({ ...ONE, sbom: { s3Location } }, NOW_MS))
    expect(value(catalog.getPackageVersion(ONE))).toMatchObject({
      sbom: { s3Location },
      sbomValidationStatus: 'IN_PROGRESS',
    })
    expect(value(catalog.listSbomValidationResults(ONE))).toEqual({ validationResultSummaries: [] })
    value(catalog.disassociateSbom(ONE, NOW_MS))
    expect(value(catalog.getPackageVersion(ONE)).sbom).toBeUndefined()
    expect(code(catalog.disassociateSbom(ONE, NOW_MS))).toBe('ok')
  })
})

describe('neighbours N70, N71: what jobs installed', () => {
  it('the configuration keeps what is not given, and wants a role', () => {
    const { catalog } = catalogWorld()
    const put = (versionUpdateByJobsConfig: object): string =>
      code(catalog.updatePackageConfiguration({ versionUpdateByJobsConfig }))
    expect(value(catalog.getPackageConfiguration())).toEqual({})
    expect(put({ enabled: true })).toBe('ValidationException')
    expect(value(catalog.getPackageConfiguration())).toEqual({})
    expect(put({ roleArn: 'arn:r' })).toBe('ok')
    expect(put({ enabled: true })).toBe('ok')
    expect(value(catalog.getPackageConfiguration())).toEqual({
      versionUpdateByJobsConfig: { enabled: true, roleArn: 'arn:r' },
    })
    expect(code(catalog.updatePackageConfiguration({}))).toBe('ok')
  })

  it('is told of versions that are there, and of packages that were taken away', () => {
    const { catalog, version } = catalogWorld()
    version('app', '1.0.0', 'PUBLISH')
    const destinations = [arn('app/version/1.0.0'), arn('gone/version/1'), arn('os/version/$null')]
    expect(catalog.installedVersions(destinations)).toBeUndefined()
    const on = { enabled: true, roleArn: 'arn:r' }
    value(catalog.updatePackageConfiguration({ versionUpdateByJobsConfig: on }))
    expect(catalog.installedVersions(destinations)).toBe(
      '{"state":{"reported":{"app":{"version":"1.0.0"},"os":null}}}',
    )
    expect(catalog.installedVersions([arn('gone/version/1')])).toBeUndefined()
    expect(catalog.installedVersions(['arn:aws:iot:eu-west-1:1:package/app/version/1.0.0'])).toBe(
      undefined,
    )
  })
})
