/** DescribeEndpoint (gateway G14). */
import type { DescribeEndpointRequest, DescribeEndpointResponse } from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'

/** How DescribeEndpoint answers. */
export interface EndpointSettings {
  /** First `--hostname`, so that a script never reaches the real cloud by mistake. */
  readonly hostName: string
  /** AWS's form instead: account prefix and region in the host name. */
  readonly awsForm?: { readonly prefix: string; readonly region: string }
  /** Refuse `iot:Data` and `iot:Jobs` as AWS does in some regions (gateway A3). */
  readonly strict?: boolean
}

/** Stands for the account in AWS's form; AWS gives each account letters of its own. */
export const ENDPOINT_PREFIX = 'a1b2c3d4e5f6g7'

/** Host names that DescribeEndpoint gives in AWS's form: certificates and SNI must know them. */
export function awsEndpointHosts(region: string): readonly string[] {
  return ['iot:Data-ATS', 'iot:Data', 'iot:Jobs', 'iot:CredentialProvider'].flatMap(
    (type) => awsAddress(type, { prefix: ENDPOINT_PREFIX, region }) ?? [],
  )
}

/**
 * DescribeEndpoint. Refuses with InvalidRequestException a type that does not exist, or that the
 * settings leave out.
 */
export function describeEndpoint(
  { hostName, awsForm, strict = false }: EndpointSettings,
  { endpointType }: DescribeEndpointRequest,
): Outcome<DescribeEndpointResponse> {
  const address = awsAddress(endpointType ?? 'iot:Data', awsForm ?? { prefix: '', region: '' })
  const refused = strict && address !== undefined && /Data$|Jobs$/.test(endpointType ?? 'iot:Data')
  if (address === undefined || refused) {
    return refuse('InvalidRequestException', `Endpoint type ${endpointType} is not supported`)
  }
  return accept({ endpointAddress: awsForm === undefined ? hostName : address })
}

function awsAddress(
  type: string,
  { prefix, region }: { readonly prefix: string; readonly region: string },
): string | undefined {
  const domain = `iot.${region}.amazonaws.com`
  switch (type) {
    case 'iot:Data-ATS':
      return `${prefix}-ats.${domain}`
    case 'iot:CredentialProvider':
      return `${prefix}.credentials.${domain}`
    case 'iot:Jobs':
      return `${prefix}.jobs.${domain}`
    case 'iot:Data':
      return `${prefix}.${domain}`
    default:
      return undefined
  }
}
