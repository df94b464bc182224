/**
 * The domain configurations that AWS itself makes for an account (gateway G135, neighbours N177). This
 * server takes no others: creating, updating and deleting one answers 501.
 */
import type {
  DescribeDomainConfigurationRequest,
  DescribeDomainConfigurationResponse,
  ListDomainConfigurationsRequest,
  ListDomainConfigurationsResponse,
  ServiceType,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, refuse, type Account, type Outcome } from '@muster/model'
import { describeEndpoint, type EndpointSettings } from './describe-endpoint.ts'
import { pageOf } from './page-token.ts'

const OWN: readonly (readonly [name: string, serviceType: ServiceType])[] = [
  ['iot:CredentialProvider', 'CREDENTIAL_PROVIDER'],
  ['iot:Data-ATS', 'DATA'],
]

const PAGE_SIZE = 25

/** What a listener of AWS's speaks where nobody chose. */
const SECURITY_POLICY = 'IoTSecurityPolicy_TLS13_1_2_2022_10'

/** ListDomainConfigurations; InvalidRequestException for a bad marker. */
export function listDomainConfigurations(
  account: Account,
  { serviceType, pageSize = PAGE_SIZE, marker }: ListDomainConfigurationsRequest,
): Outcome<ListDomainConfigurationsResponse> {
  const found = OWN.filter(([, type]) => serviceType === undefined || serviceType === type)
  const page = pageOf('domain configurations', found, ([name]) => name, marker, pageSize)
  if (!page.ok) return page
  const { items, next } = page.value
  return accept({
    domainConfigurations: items.map(([name, type]) => ({
      domainConfigurationName: name,
      domainConfigurationArn: iotArn(account, 'domainconfiguration', name),
      serviceType: type,
    })),
    ...(next.nextToken !== undefined && { nextMarker: next.nextToken }),
  })
}

/**
 * DescribeDomainConfiguration.
 *
 * @returns InvalidRequestException for the retired `iot:Jobs`, ResourceNotFoundException for any other
 */
export function describeDomainConfiguration(
  account: Account,
  endpoints: EndpointSettings,
  { domainConfigurationName: name = '' }: DescribeDomainConfigurationRequest,
): Outcome<DescribeDomainConfigurationResponse> {
  if (name === 'iot:Jobs') return invalidRequest('Invalid DomainConfiguration Name')
  const own = OWN.find(([known]) => known === name)
  if (own === undefined) {
    return refuse('ResourceNotFoundException', `Domain configuration ${name} does not exist`)
  }
  const endpoint = describeEndpoint(endpoints, { endpointType: name })
  if (!endpoint.ok) return endpoint
  return accept({
    domainConfigurationName: name,
    domainConfigurationArn: iotArn(account, 'domainconfiguration', name),
    domainName: endpoint.value.endpointAddress,
    serverCertificates: [],
    domainConfigurationStatus: 'ENABLED',
    serviceType: own[1],
    domainType: 'ENDPOINT',
    tlsConfig: { securityPolicy: SECURITY_POLICY },
    authenticationType: 'DEFAULT',
    applicationProtocol: 'DEFAULT',
  })
}
