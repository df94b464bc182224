/** Tags: on the registry's resources, and the store for those of other packages. */
import { expect, it } from 'vitest'
import { arn, code, ok, openTestRegistry } from './open-test-registry.ts'

const tag = (Key: string, Value = 'v'): { Key: string; Value: string } => ({ Key, Value })
const many = (count: number, prefix = 'k'): { Key: string; Value: string }[] =>
  Array.from({ length: count }, (_, index) => tag(`${prefix}${index}`))

it('gateway G81: tags given at creation, added, replaced, removed, listed', () => {
  const { registry } = openTestRegistry()
  const tags = [tag('a')]
  ok(registry.createThingGroup({ thingGroupName: 'G', tags }, 0))
  ok(registry.createThingType({ thingTypeName: 'Y', tags }, 0))
  ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}', tags }, 0))
  ok(registry.createBillingGroup({ billingGroupName: 'B', tags }, 0))
  const resources = ['thinggroup/G', 'thingtype/Y', 'policy/P', 'billinggroup/B'].map(arn)
  for (const resourceArn of resources) {
    const list = (): unknown => ok(registry.listTagsForResource({ resourceArn }, 0)).tags
    expect(list()).toEqual(tags)
    ok(registry.tagResource({ resourceArn, tags: [tag('a', 'w'), tag('b')] }, 0))
    expect(list()).toEqual([tag('a', 'w'), tag('b')])
    expect(registry.tagsOf(resourceArn)).toEqual({ a: 'w', b: 'v' })
    ok(registry.untagResource({ resourceArn, tagKeys: ['a', 'absent'] }, 0))
    expect(list()).toEqual([tag('b')])
    ok(registry.untagResource({ resourceArn, tagKeys: ['b'] }, 0))
    expect(list()).toEqual([])
  }
})

it('gateway G81: fifty tags per resource', () => {
  const { registry } = openTestRegistry()
  const create = (count: number, thingGroupName: string): string =>
    code(registry.createThingGroup({ thingGroupName, tags: many(count) }, 0))
  expect(create(51, 'G')).toBe('InvalidRequestException')
  expect(create(50, 'G')).toBe('ok')
  const add = (tags: { Key: string; Value: string }[]): string =>
    code(registry.tagResource({ resourceArn: arn('thinggroup/G'), tags }, 0))
  expect(add([tag('k1', 'other')])).toBe('ok')
  expect(add([tag('new')])).toBe('LimitExceededException')
  expect(add(many(51))).toBe('LimitExceededException')
})

it('gateway G81: too many at creation is what the operation has for it', () => {
  const { registry } = openTestRegistry()
  const tags = many(51)
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  const template = {
    templateName: 'T',
    templateBody: '{"Resources":{}}',
    provisioningRoleArn: 'arn:aws:iam::123456789012:role/r',
    tags,
  }
  for (const outcome of [
    registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: '*', tags }, 0),
    registry.createProvisioningTemplate(template, 0),
  ]) {
    expect(code(outcome)).toBe('LimitExceededException')
  }
  for (const outcome of [
    registry.createThingType({ thingTypeName: 'Y', tags }, 0),
    registry.createPolicy({ policyName: 'P', policyDocument: '{}', tags }, 0),
    registry.createBillingGroup({ billingGroupName: 'B', tags }, 0),
  ]) {
    expect(code(outcome)).toBe('InvalidRequestException')
  }
})

it('gateway G81: refuses bad tags, absent resources and those that take none', () => {
  const { registry } = openTestRegistry()
  ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
  ok(registry.createThing({ thingName: 'T' }, 0))
  const add = (resource: string, ...tags: { Key: string; Value: string }[]): string =>
    code(registry.tagResource({ resourceArn: resource, tags }, 0))
  const group = arn('thinggroup/G')
  expect(add(group, tag(''))).toBe('InvalidRequestException')
  expect(add(group, tag('k'.repeat(129)))).toBe('InvalidRequestException')
  expect(add(group, tag('k', 'v'.repeat(257)))).toBe('InvalidRequestException')
  expect(add(group, tag('aws:x'))).toBe('InvalidRequestException')
  expect(add(group, tag('a'), tag('a'))).toBe('InvalidRequestException')
  expect(add(group, tag('ключ 1', 'é=+-@'))).toBe('ok')
  expect(add(arn('thing/T'), tag('a'))).toBe('InvalidRequestException')
  expect(add('nonsense', tag('a'))).toBe('InvalidRequestException')
  expect(add(arn('thinggroup/X'), tag('a'))).toBe('ResourceNotFoundException')
  expect(add('arn:aws:iot:eu-west-1:123456789012:thinggroup/G', tag('a'))).toBe(
    'ResourceNotFoundException',
  )
  expect(add(arn('job/J'), tag('a'))).toBe('ResourceNotFoundException')
  const listing = registry.listTagsForResource({ resourceArn: group, nextToken: 'x' }, 0)
  expect(code(listing)).toBe('InvalidRequestException')
})

it('gateway G81: tags go with their resource; other packages keep theirs here', () => {
  const { registry } = openTestRegistry()
  const resourceArn = arn('thinggroup/G')
  ok(registry.createThingGroup({ thingGroupName: 'G', tags: [tag('a')] }, 0))
  ok(registry.deleteThingGroup({ thingGroupName: 'G' }, 0))
  expect(registry.tagsOf(resourceArn)).toEqual({})
  const job = arn('job/J')
  expect(code(registry.checkTags(many(51)))).toBe('InvalidRequestException')
  expect(code(registry.checkTags([tag('a')]))).toBe('ok')
  registry.setTags(job, [tag('a')])
  expect(registry.tagsOf(job)).toEqual({ a: 'v' })
  registry.forgetTags(job)
  expect(registry.tagsOf(job)).toEqual({})
})
