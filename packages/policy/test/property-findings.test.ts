/** Standard properties as findings of an audit: which statement lets whom do what. */
import { expect, it } from 'vitest'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import { propertyFindings, whoAsks } from '../src/prove/property-findings.ts'
import { arn } from './statement.ts'

it('authz section 13: a finding names the statement and its place, the device and the request', () => {
  const json = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/${iot:ClientId}') },
      { Effect: 'Allow', Action: 'iotjobsdata:*', Resource: arn('thing/*') },
    ],
  }
  const parsed = parsePolicy(JSON.stringify(json, null, 1), 'iot')
  if (!parsed.ok) throw new Error('the policy does not parse')
  const found = propertyFindings(parsed.value, json)
  const jobs = found.find(({ code }) => code === 'no-foreign-job-calls')
  expect(jobs).toMatchObject({ level: 'note', statement: 1, position: { line: 9 } })
  expect(jobs?.message).toMatch(
    /^not so: .+; a device attached to [\w-]+, over HTTPS, may iotjobsdata:\w+ on arn:/,
  )
})

it.for<[asks: string, context: Parameters<typeof whoAsks>[0]['context']]>([
  [
    'a device attached to T1, as client c,',
    { thingName: 'T1', thingAttached: true, clientId: 'c', protocol: 'mqtt' },
  ],
  [
    'a device attached to T1 exclusively, as client c,',
    { thingName: 'T1', thingAttached: true, exclusive: true, clientId: 'c', protocol: 'mqtt' },
  ],
  [
    'a device attached to no thing, over HTTPS,',
    { thingName: 'T1', thingAttached: false, clientId: 'c', protocol: 'https' },
  ],
])('authz section 13: who asks is %s', ([asks, context]) => {
  expect(whoAsks({ context })).toBe(asks)
})
