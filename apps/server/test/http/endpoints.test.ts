import { describe, expect, it } from 'vitest'
import { describeEndpoint, type EndpointSettings } from '../../src/operations/describe-endpoint.ts'

function address(settings: EndpointSettings, endpointType?: string): unknown {
  const outcome = describeEndpoint(settings, { endpointType })
  return outcome.ok ? outcome.value : [outcome.error.code, outcome.error.message]
}

describe('gateway G14: DescribeEndpoint', () => {
  const local = { hostName: 'localhost' }
  const aws = { ...local, awsForm: { prefix: 'abc', region: 'eu-west-1' } }

  it('gives the first host name, bare', () => {
    for (const type of [undefined, 'iot:Data-ATS', 'iot:CredentialProvider']) {
      expect(address(local, type)).toEqual({ endpointAddress: 'localhost' })
    }
  })

  it.for([
    [undefined, 'abc-ats.iot.eu-west-1.amazonaws.com'],
    ['iot:Data', 'abc.iot.eu-west-1.amazonaws.com'],
    ['iot:Data-ATS', 'abc-ats.iot.eu-west-1.amazonaws.com'],
    ['iot:CredentialProvider', 'abc.credentials.iot.eu-west-1.amazonaws.com'],
    ['iot:Jobs', 'abc.jobs.iot.eu-west-1.amazonaws.com'],
  ] as const)('in AWS’s form: %s', ([type, endpointAddress]) => {
    expect(address({ ...aws, legacy: true }, type)).toEqual({ endpointAddress })
  })

  it('refuses other types', () => {
    expect(address(local, 'iot:Nothing')).toEqual(['InvalidRequestException', expect.anything()])
    expect(address(local, 'constructor')).toEqual(['InvalidRequestException', expect.anything()])
  })

  it.for([
    ['iot:Data', 'iot:Data is not supported. Please use iot:Data-ATS instead.'],
    [
      'iot:Jobs',
      'IoT Jobs and Commands APIs are now available through iot:Data-ATS endpoints instead of iot:Jobs endpoints. Please use iot:Data-ATS.',
    ],
  ] as const)('gateway A3: the retired %s is refused, and served when told to', ([type, text]) => {
    for (const settings of [local, aws]) {
      expect(address(settings, type)).toEqual(['InvalidRequestException', text])
    }
    expect(address({ ...local, legacy: true }, type)).toEqual({ endpointAddress: 'localhost' })
  })
})
