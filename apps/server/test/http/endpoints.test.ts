import { describe, expect, it } from 'vitest'
import { endpointOperations, type EndpointSettings } from '../../src/operations/endpoints.ts'

async function address(settings: EndpointSettings, endpointType?: string): Promise<unknown> {
  const outcome = await endpointOperations(settings)['DescribeEndpoint']?.({
    service: 'iot',
    operation: 'DescribeEndpoint',
    input: endpointType === undefined ? {} : { endpointType },
    caller: { kind: 'operator', arn: '', userName: '', accessKeyId: '' },
    nowMs: 0,
    sourceIp: '',
    isGone: () => false,
  })
  if (outcome === undefined) return undefined
  return outcome.ok ? outcome.value : outcome.error.code
}

describe('gateway G14: DescribeEndpoint', () => {
  const local = { hostName: 'localhost' }
  const aws = { ...local, awsForm: { prefix: 'abc', region: 'eu-west-1' } }

  it('gives the first host name, bare', async () => {
    for (const type of [undefined, 'iot:Data', 'iot:Data-ATS', 'iot:Jobs']) {
      expect(await address(local, type)).toEqual({ endpointAddress: 'localhost' })
    }
  })

  it.for([
    [undefined, 'abc.iot.eu-west-1.amazonaws.com'],
    ['iot:Data', 'abc.iot.eu-west-1.amazonaws.com'],
    ['iot:Data-ATS', 'abc-ats.iot.eu-west-1.amazonaws.com'],
    ['iot:CredentialProvider', 'abc.credentials.iot.eu-west-1.amazonaws.com'],
    ['iot:Jobs', 'abc.jobs.iot.eu-west-1.amazonaws.com'],
  ] as const)('in AWS’s form: %s', async ([type, endpointAddress]) => {
    expect(await address(aws, type)).toEqual({ endpointAddress })
  })

  it('refuses other types', async () => {
    expect(await address(local, 'iot:Nothing')).toBe('InvalidRequestException')
  })

  it('gateway A3: strictly, iot:Data and iot:Jobs are refused', async () => {
    const strict = { ...aws, strict: true }
    expect(await address(strict, 'iot:Data')).toBe('InvalidRequestException')
    expect(await address(strict, 'iot:Jobs')).toBe('InvalidRequestException')
    expect(await address(strict, 'iot:Data-ATS')).toMatchObject({})
  })
})
