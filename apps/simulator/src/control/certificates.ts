/**
 * Certificates that go out of service: revoked, or replaced by new ones.
 */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  DeleteCertificateCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { call, inParallel } from '@muster/fleet/control'
import { certificateIdOf, type IdentityFolder } from '@muster/fleet'

const CONCURRENCY = 16

/** Whose certificates, and under which policy. */
export interface CertificateRound {
  readonly client: IoTClient
  readonly identities: IdentityFolder
  readonly policyName: string
  readonly thingNames: readonly string[]
}

/** A certificate that new ones have replaced. */
export interface RetiredCertificate {
  readonly thingName: string
  readonly certificateId: string
  readonly certificateArn: string
}

/** Takes the devices' certificates out of service. */
export async function revoke(
  { client, identities, thingNames }: CertificateRound,
  newStatus: 'REVOKED' | 'INACTIVE',
): Promise<void> {
  await inParallel(thingNames, CONCURRENCY, async (thingName) => {
    const certificateId = certificateIdOf(identities.load(thingName).certificatePem)
    await call(
      'UpdateCertificate',
      client.send(new UpdateCertificateCommand({ certificateId, newStatus })),
    )
  })
}

/** Gives each device a new key and certificate beside its old one, and saves it. */
export async function renew(round: CertificateRound): Promise<RetiredCertificate[]> {
  const { client, identities, policyName, thingNames } = round
  const retired: RetiredCertificate[] = []
  await inParallel(thingNames, CONCURRENCY, async (thingName) => {
    const oldId = certificateIdOf(identities.load(thingName).certificatePem)
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName })
    const { certificateArn = '', certificatePem = '' } = await call(
      'CreateCertificateFromCsr',
      client.send(
        new CreateCertificateFromCsrCommand({
          certificateSigningRequest: csrPem,
          setAsActive: true,
        }),
      ),
    )
    const target = certificateArn
    await call(
      'AttachThingPrincipal',
      client.send(new AttachThingPrincipalCommand({ thingName, principal: target })),
    )
    await call('AttachPolicy', client.send(new AttachPolicyCommand({ policyName, target })))
    identities.save(thingName, { privateKeyPem, certificatePem })
    retired.push({
      thingName,
      certificateId: oldId,
      certificateArn: certificateArn.replace(/cert\/.*$/, `cert/${oldId}`),
    })
  })
  return retired
}

/** Removes what {@link renew} replaced: detached, deactivated, deleted. */
export async function retire(
  { client, policyName }: CertificateRound,
  retired: readonly RetiredCertificate[],
): Promise<void> {
  await inParallel(retired, CONCURRENCY, async ({ thingName, certificateId, certificateArn }) => {
    const target = certificateArn
    await call('DetachPolicy', client.send(new DetachPolicyCommand({ policyName, target })))
    await call(
      'DetachThingPrincipal',
      client.send(new DetachThingPrincipalCommand({ thingName, principal: target })),
    )
    await call(
      'UpdateCertificate',
      client.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' })),
    )
    await call(
      'DeleteCertificate',
      client.send(new DeleteCertificateCommand({ certificateId, forceDelete: true })),
    )
  })
}

/** How many certificates the things have beyond one each: what a rotation forgot. */
export async function orphanCertificates(round: CertificateRound): Promise<number> {
  const { client, thingNames } = round
  let orphans = 0
  await inParallel(thingNames, CONCURRENCY, async (thingName) => {
    const { principals = [] } = await call(
      'ListThingPrincipals',
      client.send(new ListThingPrincipalsCommand({ thingName })),
    )
    orphans += Math.max(0, principals.length - 1)
  })
  return orphans
}
