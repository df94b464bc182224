/**
 * A registry with real cryptography: an authority of its own, factories' authorities, devices.
 */
import {
  certificateIssuer,
  createAuthority,
  createDeviceKeyAndCsr,
  issueDeviceCertificate,
  readCertificate,
  type Authority,
  type DeviceSubject,
} from '@muster/pki'
import { openRegistry, type Registry, type RegistryChange } from '../src/index.ts'
import { ACCOUNT, MapRecords, ok } from './open-test-registry.ts'

/** 2026-11-22T06:00:00Z. */
export const NOW_MS: number = Date.UTC(2026, 10, 22, 6)

const service = await createAuthority({ nowMs: NOW_MS })

/** The smallest template that can be stored: it uses the certificate of who connects. */
export const SMALLEST_TEMPLATE: string = JSON.stringify({
  Resources: {
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' } },
    },
  },
})

/** A registry and all that it was given. */
export interface CertificateRegistry {
  readonly registry: Registry
  readonly records: MapRecords
  readonly changes: RegistryChange[]
}

/** Opens a registry over empty or given records; certificates are really signed. */
export function openCertificateRegistry(
  records: MapRecords = new MapRecords(),
): CertificateRegistry {
  const changes: RegistryChange[] = []
  const registry = openRegistry({
    account: ACCOUNT,
    records,
    emit: (change) => changes.push(change),
    newId: () => crypto.randomUUID(),
    certificateIssuer: certificateIssuer(service, () => NOW_MS),
    policyFault: (document) => (document.startsWith('{') ? undefined : 'not JSON'),
  })
  return { registry, records, changes }
}

/** A factory's authority; equal names give equal subjects. */
export function newFactory(commonName = 'Factory'): Promise<Authority> {
  return createAuthority({ nowMs: NOW_MS, commonName })
}

/** A certificate that the factory put into a device. */
export function factoryCertificate(factory: Authority, subject: DeviceSubject): string {
  const { csrPem } = createDeviceKeyAndCsr(subject)
  return ok(issueDeviceCertificate(factory, csrPem, { nowMs: NOW_MS })).certificatePem
}

/** The certificate's id. */
export function idOf(certificatePem: string): string {
  return ok(readCertificate(certificatePem)).certificateId
}

/** A request with a key of its own. */
export function newCsr(commonName = 'device'): string {
  return createDeviceKeyAndCsr({ commonName }).csrPem
}

/** How a factory is registered. */
export interface RegisterFactoryOptions {
  readonly setAsActive?: boolean
  readonly allowAutoRegistration?: boolean
  readonly registrationConfig?: { templateBody?: string; templateName?: string; roleArn?: string }
}

/** Registers a factory with its proof, ACTIVE unless asked otherwise; gives its id. */
export function registerFactory(
  registry: Registry,
  factory: Authority,
  options: RegisterFactoryOptions = {},
): string {
  const { registrationCode = '' } = ok(registry.getRegistrationCode({}, NOW_MS))
  const registered = registry.registerCACertificate(
    {
      caCertificate: factory.certificatePem,
      verificationCertificate: factoryCertificate(factory, { commonName: registrationCode }),
      setAsActive: true,
      ...options,
    },
    NOW_MS,
  )
  return ok(registered).certificateId ?? ''
}
