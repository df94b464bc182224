/** Tags: on the registry's resources, and the store for those of other packages. */
import type { Tag } from '@aws-sdk/client-iot'
import type { Outcome } from '@muster/model'
import { expect, it } from 'vitest'
import { SMALLEST_TEMPLATE } from './open-certificate-registry.ts'
import { arn, code, ok, openTestRegistry, said } from './open-test-registry.ts'

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
    said(registry.createThingGroup({ thingGroupName, tags: many(count) }, 0))
  const tooMany =
    'InvalidRequestException: Too many tags provided in the request. Please check the input.'
  expect(create(51, 'G')).toBe(tooMany)
  expect(create(50, 'G')).toBe('ok')
  const add = (tags: { Key: string; Value: string }[]): string =>
    said(registry.tagResource({ resourceArn: arn('thinggroup/G'), tags }, 0))
  expect(add([tag('k1', 'other')])).toBe('ok')
  expect(add([tag('new')])).toBe(tooMany)
  expect(add(many(51))).toBe(tooMany)
})

it('gateway G81: a tag needs a value, and no key is AWS’s own', () => {
  const { registry } = openTestRegistry()
  const template = {
    templateName: 'T',
    templateBody: SMALLEST_TEMPLATE,
    provisioningRoleArn: 'arn:aws:iam::123456789012:role/r',
  }
  const own = 'InvalidRequestException: All tags in request should have keys and values.'
  const general = 'InvalidRequestException: Invalid request exception. Please check the input.'
  const cases: [(tags: Tag[]) => Outcome<unknown>, string][] = [
    [(tags) => registry.createThingType({ thingTypeName: 'Y', tags }, 0), own],
    [(tags) => registry.createThingGroup({ thingGroupName: 'G', tags }, 0), own],
    [(tags) => registry.createPolicy({ policyName: 'P', policyDocument: '{}', tags }, 0), general],
    [(tags) => registry.createProvisioningTemplate({ ...template, tags }, 0), general],
    [
      (tags) => registry.checkTags(tags),
      'InvalidRequestException: Invalid tag parameter exception. Please check the input.',
    ],
  ]
  for (const [create, withoutValue] of cases) {
    expect(said(create([{ Key: 'k' }]))).toBe(withoutValue)
    expect(said(create([tag('aws:x')]))).toBe(
      'InvalidRequestException: Tags cannot begin with "aws:", offending tag: aws:x',
    )
    expect(code(create([tag('a'), tag('a')]))).toBe('InvalidRequestException')
  }
  expect(registry.thingGroup('G')).toBeUndefined()
})

it('gateway G81: of a key given twice the last value counts; no tags are none to add', () => {
  const { registry } = openTestRegistry()
  ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
  const resourceArn = arn('thinggroup/G')
  const add = (tags: Tag[]): string => said(registry.tagResource({ resourceArn, tags }, 0))
  expect(add([tag('a', '1'), tag('a', '2'), tag('b', ''), tag('ключ 1', 'é=+-@')])).toBe('ok')
  expect(registry.tagsOf(resourceArn)).toEqual({ a: '2', b: '', 'ключ 1': 'é=+-@' })
  expect(add([])).toBe('InvalidRequestException: The validated collection is empty')
  expect(said(registry.untagResource({ resourceArn, tagKeys: [] }, 0))).toBe(
    'InvalidRequestException: The validated collection is empty',
  )
  expect(said(registry.untagResource({ resourceArn, tagKeys: ['AWS:x'] }, 0))).toBe(
    'InvalidRequestException: Tags cannot begin with "aws:", offending tag: AWS:x',
  )
  for (const bad of [tag(''), tag('k'.repeat(129)), tag('k', 'v'.repeat(257))]) {
    expect(code(registry.tagResource({ resourceArn, tags: [bad] }, 0))).toBe(
      'InvalidRequestException',
    )
  }
})

it.for([
  ['thinggroup/X', 'ResourceNotFoundException: Thing Group X does not exist.', 'ok'],
  ['thingtype/X', 'ResourceNotFoundException: Thing Type X does not exist.', 'ok'],
  ['policy/X', 'ResourceNotFoundException: This resource is not found', 'ok'],
  ['job/X', 'ResourceNotFoundException: Job X cannot be found.', 'ok'],
  ['jobtemplate/X', 'ResourceNotFoundException: Job Template X cannot be found.', 'ok'],
  ['cacert/00', 'ResourceNotFoundException: CA Certificate 00 not found', 'ok'],
  [
    'provisioningtemplate/X',
    'ResourceNotFoundException: Unable to get template id, template not found',
    'ok',
  ],
  ['thing/T', 'InvalidRequestException: Invalid resource type in ARN: thing', 'same'],
  ['cert/00', 'InvalidRequestException: Invalid resource type in ARN: cert', 'same'],
  ['widget/X', 'InvalidRequestException: Invalid arn in request', 'same'],
  ['', 'InvalidRequestException: Invalid arn in request', 'same'],
  ['nonsense', 'InvalidRequestException: Invalid arn in request', 'same'],
  [
    'arn:aws:sqs:us-east-1:123456789012:q',
    'InvalidRequestException: Invalid arn in request',
    'same',
  ],
  [
    'arn:aws:iot:eu-west-1:123456789012:thinggroup/G',
    'InvalidRequestException: Invalid request exception. Please check the input.',
    'ok',
  ],
  [
    'arn:aws:iot:us-east-1:210987654321:thinggroup/G',
    "InvalidRequestException: ResourceArn doesn't belong in requester's account",
    'same',
  ],
] as const)('gateway G81: tags of %s', ([resource, refusal, listed]) => {
  const { registry } = openTestRegistry()
  ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
  ok(registry.createThing({ thingName: 'T' }, 0))
  const whole = resource.startsWith('arn:') || resource === 'nonsense'
  const resourceArn = whole ? resource : arn(resource)
  expect(said(registry.tagResource({ resourceArn, tags: [tag('a')] }, 0))).toBe(refusal)
  expect(said(registry.untagResource({ resourceArn, tagKeys: ['a'] }, 0))).toBe(refusal)
  const list = registry.listTagsForResource({ resourceArn }, 0)
  expect(said(list)).toBe(listed === 'same' ? refusal : 'ok')
  if (list.ok) expect(list.value).toEqual({ tags: [] })
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
