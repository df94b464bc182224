import { describe, expect, it } from 'vitest'
import { describeEndpoint, type EndpointSettings } from '../../src/operations/describe-endpoint.ts'

function address(settings: EndpointSettings, endpointType?: string): unknown {
  const outcome = describeEndpoint(settings, { endpointType })
  return outcome.ok ? outcome.value : outcome.error.code
}

describe('gateway G14: DescribeEndpoint', () => {
  const local = { hostName: 'localhost' }
  const aws = { ...local, awsForm: { prefix: 'abc', region: 'eu-west-1' } }

  it('gives the first host name, bare', () => {
    for (const type of [undefined, 'iot:Data', 'iot:Data-ATS', 'iot:Jobs']) {
      expect(address(local, type)).toEqual({ endpointAddress: 'localhost' })
    }
  })

  it.for([
    [undefined, 'abc.iot.eu-west-1.amazonaws.com'],
    ['iot:Data', 'abc.iot.eu-west-1.amazonaws.com'],
    ['iot:Data-ATS', 'abc-ats.iot.eu-west-1.amazonaws.com'],
    ['iot:CredentialProvider', 'abc.credentials.iot.eu-west-1.amazonaws.com'],
    ['iot:Jobs', 'abc.jobs.iot.eu-west-1.amazonaws.com'],
  ] as const)('in AWS’s form: %s', ([type, endpointAddress]) => {
    expect(address(aws, type)).toEqual({ endpointAddress })
  })

  it('refuses other types', () => {
    expect(address(local, 'iot:Nothing')).toBe('InvalidRequestException')
  })

  it('gateway A3: strictly, iot:Data and iot:Jobs are refused', () => {
    const strict = { ...aws, strict: true }
    expect(address(strict, 'iot:Data')).toBe('InvalidRequestException')
    expect(address(strict, 'iot:Jobs')).toBe('InvalidRequestException')
    expect(address(strict, 'iot:Data-ATS')).toMatchObject({})
  })
})
