/** Jobs with package versions: destinations, placeholders, what was installed. */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import {
  JobsEngine,
  MemoryJobsState,
  type InstalledPackages,
  type JobPackages,
  type JobsMessage,
} from '../src/index.ts'
import { FakeRegistry } from './fake-registry.ts'

const ACCOUNT = { region: 'us-east-1', accountId: '123456789012' }
const NOW_MS = Date.UTC(2026, 10, 29)
const arn = (version: string): string => `arn:aws:iot:us-east-1:123456789012:package/${version}`
const V1 = arn('app/version/1')
const PRESIGNED = { presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/S3' } }

const packages: JobPackages = {
  defaultVersion: (name) => (name === 'none' ? undefined : name === 'app' ? { name: '1' } : {}),
  version: (name, version) =>
    version === 'gone'
      ? undefined
      : {
          status: version === 'draft' ? 'DRAFT' : version === 'old' ? 'DEPRECATED' : 'PUBLISHED',
          attributes: { url: `https://x/${name}/${version}`, q: 'a "b"\n', 'a:b': 'colon' },
          ...(version === '1' && { artifact: { bucket: 'files', key: 'a b/c', version: 'v+1' } }),
        },
}

interface World {
  readonly engine: JobsEngine
  readonly installed: InstalledPackages[]
  readonly messages: JobsMessage[]
  create(more: Partial<CreateJobRequest>): string
  document(isBefore?: boolean): unknown
}

function world(): World {
  const registry = new FakeRegistry()
  registry.things.add('T1')
  const installed: InstalledPackages[] = []
  const messages: JobsMessage[] = []
  const engine = new JobsEngine({
    account: ACCOUNT,
    state: new MemoryJobsState(),
    registry,
    packages,
    installed: (one) => void installed.push(one),
    publish: (message) => void messages.push(message),
    newId: () => 'id',
    presign: (method, url, expiresInSec) => `link:${method}:${url}:${expiresInSec}`,
    eventsEnabled: () => false,
  })
  return {
    engine,
    installed,
    messages,
    create: (more) => {
      const targets = ['arn:aws:iot:us-east-1:123456789012:thing/T1']
      const outcome = engine.createJob({ jobId: 'J', targets, document: '{}', ...more }, NOW_MS)
      return outcome.ok ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`
    },
    document: (beforeSubstitution = false) => {
      const outcome = engine.getJobDocument({ jobId: 'J', beforeSubstitution })
      return outcome.ok ? JSON.parse(outcome.value.document ?? '') : outcome.error.code
    },
  }
}

const packageText = (rest: string): string => `\${aws:iot:package:${rest}}`

describe('neighbours N64: destinations', () => {
  it.each([
    ['a DRAFT', 'app/version/draft', 'Version draft of package app is not published.'],
    ['an unknown version', 'app/version/gone', 'Version gone of package app does not exist.'],
    ['an unknown package', 'none/version/1', 'Package none does not exist.'],
    ['a package', 'app', `\`${arn('app')}\` is not the ARN of a package version of this account`],
    ['no default', 'os/version/$default', 'Package os has no default version.'],
  ])('%s is refused', (_name, version, message) => {
    const { create } = world()
    expect(create({ destinationPackageVersions: [arn(version)] })).toBe(
      `InvalidRequestException: ${message}`,
    )
  })

  it('are twenty-five at most, PUBLISHED or DEPRECATED', () => {
    const { create } = world()
    const many = (count: number): string[] =>
      Array.from({ length: count }, (_, at) => arn(`app/version/v${at}`))
    expect(create({ destinationPackageVersions: many(26) })).toMatch(/^InvalidRequestException/)
    expect(create({ destinationPackageVersions: [...many(24), arn('app/version/old')] })).toBe('ok')
  })

  it('$default is resolved once; the original is shown where it is asked for', () => {
    const { create, engine } = world()
    const given = [arn('app/version/$default'), arn('os/version/$null')]
    expect(create({ destinationPackageVersions: given })).toBe('ok')
    const shown = (beforeSubstitution: boolean): unknown => {
      const outcome = engine.describeJob({ jobId: 'J', beforeSubstitution }, NOW_MS)
      return outcome.ok ? outcome.value.job : undefined
    }
    expect(shown(false)).toMatchObject({
      destinationPackageVersions: [V1, arn('os/version/$null')],
    })
    expect(shown(true)).toMatchObject({ destinationPackageVersions: given })
    expect(shown(false)).not.toHaveProperty('destinationsBeforeSubstitution')
    expect(shown(false)).not.toHaveProperty('packageArtifacts')
  })

  it('of a template go to its jobs as they were written', () => {
    const { create, engine } = world()
    const template = {
      jobTemplateId: 'P',
      description: 'd',
      document: `{"u":"${packageText('app:version:$default:attributes:url')}"}`,
      destinationPackageVersions: [arn('app/version/$default')],
    }
    expect(engine.createJobTemplate(template, NOW_MS)).toMatchObject({ ok: true })
    const unknown = { ...template, jobTemplateId: 'Q', destinationPackageVersions: [arn('app')] }
    expect(engine.createJobTemplate(unknown, NOW_MS)).toMatchObject({
      error: { code: 'InvalidRequestException' },
    })
    const jobTemplateArn = 'arn:aws:iot:us-east-1:123456789012:jobtemplate/P'
    expect(create({ jobTemplateArn, document: undefined })).toBe('ok')
    const job = engine.describeJob({ jobId: 'J' }, NOW_MS)
    expect(job).toMatchObject({ value: { job: { destinationPackageVersions: [V1] } } })
  })
})

describe('neighbours N65, N69: placeholders', () => {
  it('attributes are filled in as text, or as a whole value', () => {
    const { create, document } = world()
    const text = {
      all: packageText('app:version:1:attributes'),
      mixed: `see ${packageText(':version::attributes:url')}!`,
      quoted: packageText('app:version:1:attributes:q'),
      colon: packageText('app:version:1:attributes:a:b'),
      list: [packageText('app:version:1:attributes')],
    }
    const given = JSON.stringify(text, undefined, 2)
    expect(create({ document: given, destinationPackageVersions: [V1] })).toBe('ok')
    const attributes = { url: 'https://x/app/1', q: 'a "b"\n', 'a:b': 'colon' }
    expect(document()).toEqual({
      all: attributes,
      mixed: 'see https://x/app/1!',
      quoted: 'a "b"\n',
      colon: 'colon',
      list: [attributes],
    })
    expect(document(true)).toEqual(text)
  })

  it('an attribute may be the URL that another placeholder links to', () => {
    const { create, document } = world()
    const inner = packageText('app:version:1:attributes:none')
    const outer = `{"u":"\${aws:iot:s3-presigned-url:${inner}}"}`
    const more = { destinationPackageVersions: [V1], ...PRESIGNED }
    expect(create({ ...more, document: outer })).toMatch(/has no attribute none/)
    const url = packageText('app:version:1:attributes:url')
    expect(create({ ...more, document: `{"u":"\${aws:iot:s3-presigned-url:${url}}"}` })).toBe(
      'InvalidRequestException: Given S3 url https://x/app/1 is invalid.',
    )
    expect(document()).toBe('ResourceNotFoundException')
  })

  it('a link to an artifact is made whenever the document is sent', () => {
    const { create, document, engine, messages } = world()
    const link = packageText('app:version:1:artifact-location:s3-presigned-url')
    const given = { document: JSON.stringify({ link }), destinationPackageVersions: [V1] }
    expect(create({ ...given, ...PRESIGNED })).toBe('ok')
    expect(document()).toEqual({ link })
    const url = 'https://s3.us-east-1.amazonaws.com/files/a%20b/c%3FversionId%3Dv%2B1'
    expect(messages.at(-1)?.payload).toContain(`link:GET:${url}:3600`)
    const next = engine.startNextPendingJobExecution({ thingName: 'T1' }, NOW_MS)
    expect(next).toMatchObject({
      value: { execution: { jobDocument: `{"link":"link:GET:${url}:3600"}` } },
    })
  })
})

describe('neighbours N66, N67, N68: what cannot be resolved', () => {
  const link = 'artifact-location:s3-presigned-url'
  const V2 = arn('app/version/2')

  it.each([
    [
      'nothing between two destinations',
      '::version::attributes:url',
      [V1, V2],
      'Cannot resolve empty package name and version name given multiple elements in destination package versions.',
    ],
    [
      'nothing without a destination',
      '::version::attributes:url',
      [],
      'Cannot resolve empty package name and version name without a destination.',
    ],
    [
      'half a name',
      'app:version::attributes:url',
      [V1],
      'Empty package name and version name have to be used in pair.',
    ],
    [
      '$null',
      'app:version:$null:attributes:url',
      [arn('app/version/$null')],
      '$null is not allowed to be referenced as a package version in job documents.',
    ],
    [
      'an only destination that is $null',
      '::version::attributes:url',
      [arn('app/version/$null')],
      '$null is not allowed to be referenced as a package version in job documents.',
    ],
    [
      'a version that is no destination',
      'app:version:2:attributes:url',
      [V1],
      'Package app version 2 is not among the destination package versions.',
    ],
    [
      'a version named where $default was written',
      'app:version:1:attributes:url',
      [arn('app/version/$default')],
      'Package app version 1 is not among the destination package versions.',
    ],
    [
      'an unknown attribute',
      'app:version:1:attributes:none',
      [V1],
      'Package app version 1 has no attribute none.',
    ],
    [
      'no artifact',
      `app:version:2:${link}`,
      [V2],
      'Package app version 2 does not have an associated artifact to generate an S3 presigned url.',
    ],
    [
      'no role',
      `app:version:1:${link}`,
      [V1],
      'presignedUrlConfig role ARN is required to generate an S3 presigned url in job document for package app version 1 artifact.',
    ],
    [
      "the error text's own spelling",
      'app:version:1:artifact:s3-presigned-url',
      [V1],
      'Undefined placeholder, ${aws:iot:package:app:version:1:artifact:s3-presigned-url}',
    ],
  ])('%s', (_name, rest, destinationPackageVersions, message) => {
    const { create } = world()
    const document = `{"u":"${packageText(rest.replace(/^::/, ':'))}"}`
    expect(create({ document, destinationPackageVersions })).toBe(
      `InvalidRequestException: ${message}`,
    )
  })

  it.each([
    [`{"u":"x \${aws:iot:package:app:version:1:attributes}"}`],
    [`{"u":"\${aws:iot:package:app:version:1:attributes} x"}`],
    [`{"\${aws:iot:package:app:version:1:attributes}":1}`],
    [`{"u":"\${aws:iot:s3-presigned-url:\${aws:iot:package:app:version:1:attributes}}"}`],
  ])('all attributes in %s', (document) => {
    const { create } = world()
    expect(create({ document, destinationPackageVersions: [V1] })).toBe(
      'InvalidRequestException: The package version attribute placeholder for all attributes has to be a json value by itself and not appended with other strings or nested with other placeholders.',
    )
  })

  it('a link in another placeholder, and one without an end', () => {
    const { create } = world()
    const nested = `{"u":"\${aws:iot:s3-presigned-url-v2:${packageText(`app:version:1:${link}`)}}"}`
    const destinationPackageVersions = [V1]
    expect(create({ document: nested, destinationPackageVersions, ...PRESIGNED })).toBe(
      'InvalidRequestException: ${aws:iot:package:[...]:artifact:s3-presigned-url} cannot be nested inside another placeholder.',
    )
    const open = '{"u":"${aws:iot:package:app:version:1:attributes:url"}'
    expect(create({ document: open, destinationPackageVersions })).toBe(
      'InvalidRequestException: One or more parameters or placeholders are not terminated.',
    )
  })
})

describe('neighbours N71, N72: what was installed', () => {
  const report = (
    { engine }: World,
    status: string,
  ): ReturnType<JobsEngine['updateJobExecution']> =>
    engine.updateJobExecution({ jobId: 'J', thingName: 'T1', status: status as 'FAILED' }, NOW_MS)

  it('is told once, with resolved versions, when an execution turns SUCCEEDED', () => {
    const opened = world()
    opened.create({ destinationPackageVersions: [arn('app/version/$default')] })
    report(opened, 'IN_PROGRESS')
    expect(opened.installed).toEqual([])
    report(opened, 'SUCCEEDED')
    report(opened, 'SUCCEEDED')
    expect(opened.installed).toEqual([{ thingName: 'T1', jobId: 'J', versions: [V1] }])
  })

  it('is part of the answer over MQTT, so that it is told after the reply', () => {
    const opened = world()
    opened.create({ destinationPackageVersions: [V1] })
    const call = opened.engine.mqttCall('$aws/things/T1/jobs/J/update')
    const answer = call?.(Buffer.from('{"status":"SUCCEEDED"}'), NOW_MS)
    expect(answer?.installed).toEqual([{ thingName: 'T1', jobId: 'J', versions: [V1] }])
    expect(opened.installed).toEqual([])
  })

  it('is nothing for another end, and for a job without destinations', () => {
    const failed = world()
    failed.create({ destinationPackageVersions: [V1] })
    report(failed, 'FAILED')
    const plain = world()
    plain.create({})
    report(plain, 'SUCCEEDED')
    expect([...failed.installed, ...plain.installed]).toEqual([])
  })
})
