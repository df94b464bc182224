import { expect, it } from 'vitest'
import { iotArn, nameInArn, parseArn, type IotResourceType } from '../src/index.ts'

const account = { region: 'eu-west-1', accountId: '123456789012' }

it.each<readonly [IotResourceType, string]>([
  ['thing', 'T:1'],
  ['thinggroup', 'G'],
  ['thingtype', 'Y'],
  ['billinggroup', 'B'],
  ['cert', 'ab12'],
  ['cacert', 'cd34'],
  ['policy', 'P'],
  ['provisioningtemplate', 'F'],
  ['topic', 'a/b'],
  ['topicfilter', 'a/+/#'],
  ['client', 'C'],
  ['index', 'AWS_Things'],
])('gateway G85: ARN of a %s', (type, name) => {
  const arn = iotArn(account, type, name)
  expect(arn).toBe(`arn:aws:iot:eu-west-1:123456789012:${type}/${name}`)
  expect(nameInArn(account, type, arn)).toBe(name)
})

it('a name is found only in an ARN of its account, region and type', () => {
  const arn = iotArn(account, 'thing', 'T')
  expect(nameInArn({ ...account, region: 'us-east-1' }, 'thing', arn)).toBeUndefined()
  expect(nameInArn({ ...account, accountId: '999999999999' }, 'thing', arn)).toBeUndefined()
  expect(nameInArn(account, 'policy', arn)).toBeUndefined()
  expect(nameInArn(account, 'thing', 'T')).toBeUndefined()
})

it('text that is no ARN parses to nothing', () => {
  expect(parseArn('arn:aws:iot:eu-west-1:1')).toBeUndefined()
  expect(parseArn('arn:aws:iot:eu-west-1:1:')).toBeUndefined()
  expect(parseArn('arn:aws:iot:eu-west-1:1:thing/a:b')).toMatchObject({ resource: 'thing/a:b' })
})
