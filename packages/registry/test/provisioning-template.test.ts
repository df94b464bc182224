/** Provisioning templates and their versions. */
import { describe, expect, it } from 'vitest'
import type { Registry } from '../src/index.ts'
import { NOW_MS, openCertificateRegistry, SMALLEST_TEMPLATE } from './open-certificate-registry.ts'
import { arn, code, ok } from './open-test-registry.ts'

const templateBody = SMALLEST_TEMPLATE
const provisioningRoleArn = 'arn:aws:iam::123456789012:role/provisioning'
const hook = { targetArn: 'arn:aws:lambda:us-east-1:123456789012:function:f' }

function create(registry: Registry, templateName: string, more: object = {}): string {
  const input = { templateName, templateBody, provisioningRoleArn, ...more }
  return code(registry.createProvisioningTemplate(input, NOW_MS))
}

describe('provisioning templates', () => {
  it('gateway G108: are created, described, updated and deleted', () => {
    const { registry } = openCertificateRegistry()
    const created = registry.createProvisioningTemplate(
      { templateName: 'T', templateBody, provisioningRoleArn, preProvisioningHook: hook },
      NOW_MS,
    )
    const templateArn = arn('provisioningtemplate/T')
    expect(ok(created)).toEqual({ templateArn, templateName: 'T', defaultVersionId: 1 })
    const describe = (): object =>
      ok(registry.describeProvisioningTemplate({ templateName: 'T' }, NOW_MS))
    expect(describe()).toEqual({
      templateArn,
      templateName: 'T',
      creationDate: new Date(NOW_MS),
      lastModifiedDate: new Date(NOW_MS),
      defaultVersionId: 1,
      templateBody,
      enabled: false,
      provisioningRoleArn,
      preProvisioningHook: { ...hook, payloadVersion: '2020-04-01' },
      type: 'FLEET_PROVISIONING',
    })
    const update = { templateName: 'T', enabled: true, description: 'd' }
    ok(
      registry.updateProvisioningTemplate(
        { ...update, removePreProvisioningHook: true },
        NOW_MS + 1,
      ),
    )
    expect(describe()).toMatchObject({ enabled: true, description: 'd', defaultVersionId: 1 })
    const [listed] = ok(registry.listProvisioningTemplates({}, NOW_MS)).templates ?? []
    expect(listed).not.toHaveProperty('description')
    expect(describe()).not.toHaveProperty('preProvisioningHook')
    const absent = registry.updateProvisioningTemplate(
      { templateName: 'T', defaultVersionId: 2 },
      NOW_MS,
    )
    expect(code(absent)).toBe('InvalidRequestException')
    const remove = (): string =>
      code(registry.deleteProvisioningTemplate({ templateName: 'T' }, NOW_MS))
    expect([remove(), remove()]).toEqual(['ok', 'ResourceNotFoundException'])
  })

  it('gateway G108: names, bodies and hooks are checked; a name is used once', () => {
    const { registry } = openCertificateRegistry()
    expect(create(registry, 'T')).toBe('ok')
    const again = { templateName: 'T', templateBody, provisioningRoleArn }
    expect(registry.createProvisioningTemplate(again, NOW_MS)).toMatchObject({
      error: {
        code: 'ResourceAlreadyExistsException',
        message: 'Template with name T already exists',
      },
    })
    expect(registry.describeProvisioningTemplate({ templateName: 'X' }, NOW_MS)).toMatchObject({
      error: { code: 'ResourceNotFoundException', message: 'Unable to find template named X' },
    })
    for (const refused of [
      create(registry, 'a b'),
      create(registry, 'x'.repeat(37)),
      create(registry, 'U', { templateBody: 'no template' }),
      create(registry, 'U', { preProvisioningHook: { targetArn: '' } }),
      create(registry, 'U', { preProvisioningHook: { ...hook, payloadVersion: '2019-01-01' } }),
    ]) {
      expect(refused).toBe('InvalidRequestException')
    }
  })

  it.each([
    ['no JSON', '{', 'Template body is not valid JSON.'],
    ['no certificate', '{"Resources":{}}', 'Template must have certificate resource.'],
  ])('gateway G108, G109: %s is refused in every version', (_name, bad, message) => {
    const { registry } = openCertificateRegistry()
    expect(create(registry, 'T')).toBe('ok')
    const input = { templateName: 'U', templateBody: bad, provisioningRoleArn }
    for (const refused of [
      registry.createProvisioningTemplate(input, NOW_MS),
      registry.createProvisioningTemplateVersion({ ...input, templateName: 'T' }, NOW_MS),
    ]) {
      expect(refused).toMatchObject({
        error: {
          code: 'InvalidRequestException',
          message: `The template body is invalid: ${message}`,
        },
      })
    }
  })

  it('gateway G107, G108: only fleet provisioning has a hook', () => {
    const { registry } = openCertificateRegistry()
    const jitp = { type: 'JITP' }
    expect(create(registry, 'J', { ...jitp, preProvisioningHook: hook })).toBe(
      'InvalidRequestException',
    )
    expect(create(registry, 'J', jitp)).toBe('ok')
    const update = { templateName: 'J', preProvisioningHook: hook }
    expect(code(registry.updateProvisioningTemplate(update, NOW_MS))).toBe(
      'InvalidRequestException',
    )
    expect(create(registry, 'F', { preProvisioningHook: hook })).toBe('ok')
  })

  it('gateway G81: carries tags until it is deleted', () => {
    const { registry } = openCertificateRegistry()
    const tags = [{ Key: 'team', Value: 'ops' }]
    expect(create(registry, 'T', { tags })).toBe('ok')
    const resourceArn = arn('provisioningtemplate/T')
    expect(ok(registry.listTagsForResource({ resourceArn }, NOW_MS)).tags).toEqual(tags)
    ok(registry.deleteProvisioningTemplate({ templateName: 'T' }, NOW_MS))
    expect(create(registry, 'T')).toBe('ok')
    expect(ok(registry.listTagsForResource({ resourceArn }, NOW_MS)).tags).toEqual([])
  })

  it('gateway G108: at most 256', () => {
    const { registry } = openCertificateRegistry()
    for (let count = 0; count < 256; count += 1) expect(create(registry, `t${count}`)).toBe('ok')
    expect(create(registry, 'more')).toBe('LimitExceededException')
    const seen: string[] = []
    let nextToken: string | undefined
    do {
      const input = { maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) }
      const found = ok(registry.listProvisioningTemplates(input, NOW_MS))
      seen.push(...(found.templates ?? []).map(({ templateName = '' }) => templateName))
      nextToken = found.nextToken
    } while (nextToken !== undefined)
    expect(new Set(seen).size).toBe(256)
    expect(seen).toHaveLength(256)
  })

  it('gateway G108: at most five versions; the default one stays', () => {
    const { registry, records } = openCertificateRegistry()
    create(registry, 'T')
    const add = (setAsDefault: boolean): string =>
      code(
        registry.createProvisioningTemplateVersion(
          { templateName: 'T', templateBody, setAsDefault },
          NOW_MS,
        ),
      )
    expect([add(false), add(true), add(false), add(false), add(false)]).toEqual([
      ...Array<string>(4).fill('ok'),
      'VersionsLimitExceededException',
    ])
    const remove = (versionId: number): string =>
      code(registry.deleteProvisioningTemplateVersion({ templateName: 'T', versionId }, NOW_MS))
    expect(remove(3)).toBe('DeleteConflictException')
    expect(remove(1)).toBe('ok')
    expect(remove(1)).toBe('ResourceNotFoundException')
    expect(add(false)).toBe('ok')
    const again = openCertificateRegistry(records).registry
    const listed = again.listProvisioningTemplateVersions({ templateName: 'T' }, NOW_MS)
    expect(ok(listed).versions?.map((version) => version.versionId)).toEqual([2, 3, 4, 5, 6])
    const third = again.describeProvisioningTemplateVersion(
      { templateName: 'T', versionId: 3 },
      NOW_MS,
    )
    expect(ok(third)).toMatchObject({ isDefaultVersion: true, templateBody })
  })
})
