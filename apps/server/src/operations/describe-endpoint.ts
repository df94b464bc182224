/** DescribeEndpoint (gateway G14). */
import type { DescribeEndpointRequest, DescribeEndpointResponse } from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'

/** How DescribeEndpoint answers. */
export interface EndpointSettings {
  /** First `--hostname`, so that a script never reaches the real cloud by mistake. */
  readonly hostName: string
  /** AWS's form instead: account prefix and region in the host name. */
  readonly awsForm?: { readonly prefix: string; readonly region: string }
  /** Serve the retired `iot:Data` and `iot:Jobs` as well (gateway A3). */
  readonly legacy?: boolean
}

/** Stands for the account in AWS's form; AWS gives each account letters of its own. */
export const ENDPOINT_PREFIX = 'a1b2c3d4e5f6g7'

/** Host names that DescribeEndpoint gives in AWS's form: certificates and SNI must know them. */
export function awsEndpointHosts(region: string): readonly string[] {
  return ['iot:Data-ATS', 'iot:Data', 'iot:Jobs', 'iot:CredentialProvider'].flatMap(
    (type) => awsAddress(type, { prefix: ENDPOINT_PREFIX, region }) ?? [],
  )
}

/** What AWS says of the types that it no longer serves. */
const RETIRED: Readonly<Record<string, string>> = {
  'iot:Data': 'iot:Data is not supported. Please use iot:Data-ATS instead.',
  'iot:Jobs':
    'IoT Jobs and Commands APIs are now available through iot:Data-ATS endpoints instead of ' +
    'iot:Jobs endpoints. Please use iot:Data-ATS.',
}

/**
 * DescribeEndpoint; a type that is left out is `iot:Data-ATS`, since the model's default is retired.
 *
 * @returns InvalidRequestException for a type that does not exist, and for a retired one unless the
 *   settings serve it
 */
export function describeEndpoint(
  { hostName, awsForm, legacy = false }: EndpointSettings,
  { endpointType = 'iot:Data-ATS' }: DescribeEndpointRequest,
): Outcome<DescribeEndpointResponse> {
  const retired = Object.hasOwn(RETIRED, endpointType) ? RETIRED[endpointType] : undefined
  if (retired !== undefined && !legacy) return invalidRequest(retired)
  const address = awsAddress(endpointType, awsForm ?? { prefix: '', region: '' })
  if (address === undefined) return invalidRequest(`Endpoint type ${endpointType} is not supported`)
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
