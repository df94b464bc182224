/**
 * What listeners ask of the services, whichever port they stand on.
 */
import { X509Certificate } from 'node:crypto'
import type { AwsProtocol } from '@muster/aws-protocol'
import type { IamAccount } from '@muster/iam'
import { iotArn } from '@muster/model'
import type { HandshakeRules } from '../authentication/device-certificate.ts'
import { poolRole } from '../cognito/pool-role.ts'
import { fetchPublic } from '../fetch-public.ts'
import { ENDPOINT_PREFIX } from '../operations/describe-endpoint.ts'
import { createDispatch, type Dispatch } from '../operations/dispatch.ts'
import { documentSourceReader } from '../operations/jobs-document-source.ts'
import { operations } from '../operations/table.ts'
import type { ServerOptions } from '../options.ts'
import type { Services } from '../services.ts'
import type { CertificateNeeds } from './mqtt-certificate.ts'

/** What the operations of a server stand on. */
export interface DispatchNeeds {
  readonly options: ServerOptions
  readonly services: Services
  readonly protocol: AwsProtocol
  /** Users and roles as they are now. */
  readonly iam: () => IamAccount
}

/** The dispatcher of a server: every operation, on its services. */
export function serverDispatch({ options, services, protocol, iam }: DispatchNeeds): Dispatch {
  const { turn, clock, metrics, rates } = services
  const [hostName = 'localhost'] = options.hostnames
  const { region, documentFolder, s3Folder } = options
  const awsForm = options.awsEndpointForm ? { awsForm: { prefix: ENDPOINT_PREFIX, region } } : {}
  return createDispatch({
    protocol,
    account: services.account,
    operations,
    services: {
      ...services,
      endpoints: { hostName, legacy: options.legacyEndpoints, ...awsForm },
      poolRole: poolRole(services.account, services.cognito, iam),
      readDocumentSource: documentSourceReader({
        documentFolder,
        s3Folder,
        fetchPublic: options.fetchDocuments ? fetchPublic : undefined,
      }),
    },
    turn,
    clock,
    log: options.log,
    ...(rates && { throttled: (...call) => rates.exceeded(...call) }),
    refused: ({ caller, operation, sourceIp }, refusal, input) => {
      const { service, name } = operation
      const thingName = thingOf(input)
      services.refusals.request({ service, operation: name, caller, sourceIp, thingName }, refusal)
    },
    answered: (operation) => metrics.answered('http', operation),
  })
}

/** How a server judges the certificates of devices. */
export function certificateNeeds(
  services: Services,
  rules: HandshakeRules,
  foreignIssuer: CertificateNeeds['foreignIssuer'],
): CertificateNeeds {
  const { registry, account, devices } = services
  return {
    certificate: (certificateId) => registry.certificate(certificateId),
    authorization: devices,
    thingsOf: (certificateId) => registry.thingsOfPrincipal(iotArn(account, 'cert', certificateId)),
    propagatedProperties: registry.propagatedProperties,
    onUnknownCertificate: (unknown) => services.provisioning.onUnknownCertificate(unknown),
    rules,
    foreignIssuer,
    refusals: services.refusals,
  }
}

/** Tells the issuer of certificates that an authority did not issue. */
export function issuerBeside(authorityPem: string): CertificateNeeds['foreignIssuer'] {
  const authority = new X509Certificate(authorityPem)
  return (der) => {
    try {
      const leaf = new X509Certificate(der)
      return leaf.checkIssued(authority) ? undefined : leaf.issuer.replaceAll('\n', ', ')
    } catch {
      return 'nobody: it cannot be read'
    }
  }
}

/** The thing that an input names, if it does. */
function thingOf(input: object | undefined): string | undefined {
  const name: unknown = input && Reflect.get(input, 'thingName')
  return typeof name === 'string' ? name : undefined
}
