/**
 * Creating jobs, their documents and templates, rule by rule (jobs §4 and §6).
 */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { hasResource } from '../src/index.ts'
import { code, Harness } from './harness.ts'
import { abort, presigned, retry, rollout, sized } from './job-inputs.ts'

const arn = 'arn:aws:iot:us-east-1:123456789012'

describe('CreateJob', () => {
  it.for<readonly [string, Partial<CreateJobRequest>, string]>([
    ['J66 no targets', { targets: [] }, 'InvalidRequestException'],
    ['J66 101 targets', { targets: Array(101).fill(`${arn}:thing/T1`) }, 'InvalidRequestException'],
    ['J66 100 targets', { targets: Array(100).fill(`${arn}:thing/T1`) }, 'ok'],
    ['J66 a name', { targets: ['T1'] }, 'InvalidRequestException'],
    ['J66 a policy', { targets: [`${arn}:policy/P`] }, 'InvalidRequestException'],
    [
      'J66 another account',
      { targets: ['arn:aws:iot:us-east-1:999999999999:thing/T1'] },
      'ResourceNotFoundException',
    ],
    ['J66 an unknown thing', { targets: [`${arn}:thing/T9`] }, 'ResourceNotFoundException'],
    ['J66 an unknown group', { targets: [`${arn}:thinggroup/G9`] }, 'ResourceNotFoundException'],
    ['J67 both sources', { document: '{}', documentSource: 's' }, 'InvalidRequestException'],
    ['J67 nothing fetched', { documentSource: 'https://x.test/d' }, 'InvalidRequestException'],
    ['J67 no JSON', { document: '{' }, 'InvalidRequestException'],
    ['J67 32,768 bytes', { document: sized(32_768) }, 'ok'],
    ['J67 32,769 bytes', { document: sized(32_769) }, 'InvalidRequestException'],
    [
      'J67 bytes, not characters',
      { document: `{"a":"${'ü'.repeat(16_381)}"}` },
      'InvalidRequestException',
    ],
    ['J71 description', { description: 'x'.repeat(2029) }, 'InvalidRequestException'],
    ['J71 control characters', { description: 'a\nb' }, 'InvalidRequestException'],
    ['J68 expiresInSec', { presignedUrlConfig: { expiresInSec: 59 } }, 'InvalidRequestException'],
    [
      'J71 timeout 0',
      { timeoutConfig: { inProgressTimeoutInMinutes: 0 } },
      'InvalidRequestException',
    ],
    ['J71 timeout', { timeoutConfig: { inProgressTimeoutInMinutes: 10_080 } }, 'ok'],
    [
      'J71 timeout',
      { timeoutConfig: { inProgressTimeoutInMinutes: 10_081 } },
      'InvalidRequestException',
    ],
    ['J71 factor 1.1', rollout({ incrementFactor: 1.1 }), 'ok'],
    ['J71 factor 1.15', rollout({ incrementFactor: 1.15 }), 'InvalidRequestException'],
    ['J71 factor 5.1', rollout({ incrementFactor: 5.1 }), 'InvalidRequestException'],
    ['J71 base rate 1001', rollout({ baseRatePerMinute: 1001 }), 'InvalidRequestException'],
    ['J95 no criterion', rollout({ rateIncreaseCriteria: {} }), 'InvalidRequestException'],
    [
      'J95 both criteria',
      rollout({ rateIncreaseCriteria: { numberOfNotifiedThings: 1, numberOfSucceededThings: 1 } }),
      'InvalidRequestException',
    ],
    ['J71 threshold 33.33', abort({ thresholdPercentage: 33.33 }), 'ok'],
    ['J71 threshold 33.333', abort({ thresholdPercentage: 33.333 }), 'InvalidRequestException'],
    ['J71 threshold 101', abort({ thresholdPercentage: 101 }), 'InvalidRequestException'],
    ['J71 executed 0', abort({ minNumberOfExecutedThings: 0 }), 'InvalidRequestException'],
    ['J96 action', abort({ action: 'STOP' as never }), 'InvalidRequestException'],
    ['J63 three criteria', retry(3), 'InvalidRequestException'],
    ['J63 11 retries', retry(1, 11), 'InvalidRequestException'],
    ['J63 10 retries', retry(2, 10), 'ok'],
    [
      'J71 packages',
      { destinationPackageVersions: Array(26).fill('arn:x') },
      'InvalidRequestException',
    ],
    ['J43 namespace', { namespaceId: 'a b' }, 'InvalidRequestException'],
    ['J68 selection', { targetSelection: 'SOME' as never }, 'InvalidRequestException'],
    ['J70 template', { jobTemplateArn: `${arn}:jobtemplate/X` }, 'ResourceNotFoundException'],
    ['J70 no template', { jobTemplateArn: 'arn:x' }, 'InvalidRequestException'],
    [
      'J70 parameters',
      { documentParameters: { a: 'b' }, document: '{}' },
      'InvalidRequestException',
    ],
    ['J107 ten', { document: JSON.stringify({ a: '${aws:iot:parameter:a}'.repeat(10) }) }, 'ok'],
    [
      'J107 eleven',
      { document: JSON.stringify({ a: '${aws:iot:parameter:a}'.repeat(11) }) },
      'InvalidRequestException',
    ],
    [
      'J106, J131 package',
      { document: '{"a":"${aws:iot:package:p:version:1:attributes}"}' },
      'ResourceNotFoundException',
    ],
    [
      'J131 destination packages',
      { destinationPackageVersions: ['arn:aws:iot:us-east-1:123456789012:package/p/version/1'] },
      'ResourceNotFoundException',
    ],
    [
      'J103 no role',
      { document: presigned('https://s3.amazonaws.com/b/k') },
      'InvalidRequestException',
    ],
    ['G81 tag twice', { tags: [{ Key: 'a' }, { Key: 'a' }] }, 'InvalidRequestException'],
  ])('jobs %s', ([, more, wanted]) => {
    expect(code(new Harness().create('J1', more))).toBe(wanted)
  })

  it.for(['', 'a b', 'x'.repeat(65), 'ü'])('jobs J1: job id %j is InvalidRequest', (jobId) => {
    expect(code(new Harness().create(jobId))).toBe('InvalidRequestException')
  })

  it('jobs J69: a reused id is 409 with resourceId and resourceArn, free after deletion', () => {
    const harness = new Harness()
    harness.create('J1')
    expect(harness.create('J1')).toMatchObject({
      error: {
        code: 'ResourceAlreadyExistsException',
        members: { resourceId: 'J1', resourceArn: `${arn}:job/J1` },
      },
    })
    harness.engine.deleteJob({ jobId: 'J1', force: true }, harness.nowMs)
    expect(code(harness.create('J1'))).toBe('ok')
  })

  it('a refused job leaves nothing behind', () => {
    const harness = new Harness()
    harness.create('J1', { timeoutConfig: { inProgressTimeoutInMinutes: 0 } })
    expect(harness.job('J1')).toEqual({ error: 'ResourceNotFoundException' })
    expect(harness.heard()).toEqual([])
  })

  it('keeps tags with the registry until the job is deleted', () => {
    const harness = new Harness()
    harness.create('J1', { tags: [{ Key: 'team', Value: 'a' }] })
    expect(harness.registry.tags.get(`${arn}:job/J1`)).toEqual([{ Key: 'team', Value: 'a' }])
    expect(hasResource(harness.account, harness.state, `${arn}:job/J1`)).toBe(true)
    harness.engine.deleteJob({ jobId: 'J1', force: true }, harness.nowMs)
    expect(harness.registry.tags.size).toBe(0)
    expect(hasResource(harness.account, harness.state, `${arn}:job/J1`)).toBe(false)
  })

  it('jobs §8: concurrent and active jobs are limited', () => {
    const slow = { jobExecutionsRolloutConfig: { maximumPerMinute: 1 } }
    const many = (harness: Harness): object => ({
      ...slow,
      targets: [harness.thing('T1'), harness.thing('T2')],
    })
    const harness = new Harness({ concurrentJobsMax: 1 })
    expect(code(harness.create('J1', many(harness)))).toBe('ok')
    expect(code(harness.create('J2'))).toBe('LimitExceededException')
    harness.advance(61)
    expect(code(harness.create('J2'))).toBe('ok')
    const small = new Harness({ activeJobsMax: 1 })
    small.create('J1')
    expect(code(small.create('J2'))).toBe('LimitExceededException')
  })
})

describe('documents', () => {
  const presignedUrlConfig = { roleArn: 'arn:aws:iam::123456789012:role/s3', expiresInSec: 60 }

  it('jobs J103, J104: presigned URLs are fresh in every message, never in GetJobDocument', () => {
    const harness = new Harness()
    const document = presigned('https://s3.us-east-1.amazonaws.com/bucket/a/b.bin')
    harness.create('J1', { document, presignedUrlConfig })
    const [, next] = harness.heard()
    const urlIn = (payload: Record<string, unknown>): string =>
      ((payload['execution'] as Record<string, unknown>)['jobDocument'] as { url: string }).url
    const first = urlIn(next?.payload ?? {})
    expect(first).toContain(
      'https://links/?m=GET&u=https://s3.us-east-1.amazonaws.com/bucket/a/b.bin&e=60',
    )
    harness.advance(5)
    expect(urlIn(harness.ask('T1', '$next/get').payload)).not.toBe(first)
    const kept = harness.engine.getJobDocument({ jobId: 'J1' })
    expect(kept).toEqual({ ok: true, value: { document } })
  })

  it('jobs J103: a placeholder for something else than S3 is refused', () => {
    const document = presigned('https://example.com/file')
    const outcome = new Harness().create('J1', { document, presignedUrlConfig })
    expect(code(outcome)).toBe('InvalidRequestException')
  })

  it('jobs J105, J106: parameters are JSON-escaped, the original shows beforeSubstitution', () => {
    const harness = new Harness()
    const jobTemplateArn = 'arn:aws:iot:us-east-1::jobtemplate/AWS-Download-File:1.0'
    const documentParameters = { downloadUrl: 'https://x.test/"f"', filePath: '/tmp/\\f' }
    expect(code(harness.create('J1', { jobTemplateArn, documentParameters }))).toBe('ok')
    const text = (beforeSubstitution: boolean): string => {
      const outcome = harness.engine.getJobDocument({ jobId: 'J1', beforeSubstitution })
      return outcome.ok ? (outcome.value.document ?? '') : ''
    }
    expect(JSON.parse(text(false))).toMatchObject({
      steps: [
        {
          action: {
            input: { args: ['https://x.test/"f"', '/tmp/\\f'], path: '' },
            runAsUser: '',
          },
        },
      ],
    })
    expect(text(true)).toContain('${aws:iot:parameter:downloadUrl}')
    expect(harness.job('J1')).toMatchObject({ jobTemplateArn, documentParameters })
  })

  it.for<readonly [Record<string, string>, string]>([
    [{ packages: 'a b' }, 'ok'],
    [{}, 'InvalidRequestException'],
    [{ packages: 'a', other: 'b' }, 'InvalidRequestException'],
    [{ packages: '' }, 'InvalidRequestException'],
  ])('jobs J70: AWS-Install-Application with %j: %s', ([documentParameters, wanted]) => {
    const jobTemplateArn = 'arn:aws:iot:us-east-1::jobtemplate/AWS-Install-Application:1.0'
    const harness = new Harness()
    expect(code(harness.create('J1', { jobTemplateArn, documentParameters }))).toBe(wanted)
  })
})

describe('templates', () => {
  const timeoutConfig = { inProgressTimeoutInMinutes: 7 }

  it('jobs J70, J90: a template gives document and configuration, the request overrides', () => {
    const { engine, nowMs, ...rest } = withTemplate()
    expect(rest.created).toBe('ok')
    const jobTemplateArn = `${arn}:jobtemplate/t`
    const targets = [`${arn}:thing/T1`]
    engine.createJob({ jobId: 'A', targets, jobTemplateArn }, nowMs)
    const described = engine.describeJob({ jobId: 'A' }, nowMs)
    expect(described).toMatchObject({ value: { job: { timeoutConfig, jobTemplateArn } } })
    expect(described.ok && described.value.job?.description).toBeUndefined()
    const own = { timeoutConfig: { inProgressTimeoutInMinutes: 9 }, document: '{"own":1}' }
    engine.createJob({ jobId: 'B', targets, jobTemplateArn, ...own }, nowMs)
    expect(engine.describeJob({ jobId: 'B' }, nowMs)).toMatchObject({
      value: { job: { timeoutConfig: own.timeoutConfig } },
    })
    expect(engine.getJobDocument({ jobId: 'B' })).toEqual({
      ok: true,
      value: { document: '{"own":1}' },
    })
  })

  it('jobs J90: a duplicate is Conflict, missing members are InvalidRequest, jobArn copies', () => {
    const { engine, harness } = withTemplate()
    const make = (input: object): string => code(harness.operate('CreateJobTemplate', input))
    expect(make({ jobTemplateId: 't', description: 'd', document: '{}' })).toBe('ConflictException')
    expect(make({ jobTemplateId: 'u', document: '{}' })).toBe('InvalidRequestException')
    expect(make({ jobTemplateId: 'u', description: 'd' })).toBe('InvalidRequestException')
    expect(make({ jobTemplateId: 'u', description: 'd', jobArn: `${arn}:job/none` })).toBe(
      'ResourceNotFoundException',
    )
    harness.create('J1', { timeoutConfig, abortConfig: abort({}).abortConfig })
    expect(make({ jobTemplateId: 'u', description: 'e', jobArn: `${arn}:job/J1` })).toBe('ok')
    expect(engine.describeJobTemplate({ jobTemplateId: 'u' })).toMatchObject({
      value: { description: 'e', document: '{"do":"it"}', timeoutConfig, abortConfig: {} },
    })
    expect(code(engine.deleteJobTemplate({ jobTemplateId: 'u' }))).toBe('ok')
    expect(code(engine.describeJobTemplate({ jobTemplateId: 'u' }))).toBe(
      'ResourceNotFoundException',
    )
  })

  it('jobs §8: at most 100 templates', () => {
    const { engine, nowMs } = withTemplate({ jobTemplatesMax: 1 })
    const input = { jobTemplateId: 'u', description: 'd', document: '{}' }
    expect(code(engine.createJobTemplate(input, nowMs))).toBe('LimitExceededException')
  })

  it('jobs J91: managed templates are listed and described by version', () => {
    const { engine } = new Harness()
    const listed = engine.listManagedJobTemplates({})
    const names = listed.ok ? listed.value.managedJobTemplates?.map((one) => one.templateName) : []
    expect(names).toEqual([
      'AWS-Download-File',
      'AWS-Install-Application',
      'AWS-Reboot',
      'AWS-Remove-Application',
      'AWS-Restart-Application',
      'AWS-Start-Application',
      'AWS-Stop-Application',
    ])
    const paged: (string | undefined)[] = []
    for (let nextToken: string | undefined; ;) {
      const page = engine.listManagedJobTemplates({ maxResults: 3, nextToken })
      if (!page.ok) throw new Error(page.error.message)
      paged.push(...(page.value.managedJobTemplates ?? []).map((one) => one.templateName))
      if (paged.length > (names ?? []).length || page.value.nextToken === undefined) break
      nextToken = page.value.nextToken
    }
    expect(paged).toEqual(names)
    const templateName = 'AWS-Reboot'
    expect(
      engine.describeManagedJobTemplate({ templateName, templateVersion: '1.0' }),
    ).toMatchObject({
      value: { templateArn: 'arn:aws:iot:us-east-1::jobtemplate/AWS-Reboot:1.0' },
    })
    expect(code(engine.describeManagedJobTemplate({ templateName, templateVersion: '9.0' }))).toBe(
      'ResourceNotFoundException',
    )
  })

  function withTemplate(limits: object = {}): {
    harness: Harness
    engine: Harness['engine']
    nowMs: number
    created: string
  } {
    const harness = new Harness(limits)
    const input = { jobTemplateId: 't', description: 'd', document: '{"from":"t"}', timeoutConfig }
    const created = code(harness.engine.createJobTemplate(input, harness.nowMs))
    return { harness, engine: harness.engine, nowMs: harness.nowMs, created }
  }
})
