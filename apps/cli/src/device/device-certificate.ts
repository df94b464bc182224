/** Certificates of a device: made by a request with a key of its own, and taken out of service. */
import { setTimeout as wait } from 'node:timers/promises'
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  paginateListAttachedPolicies,
  paginateListThingPrincipals,
  UpdateCertificateCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { ask, isRefusedAs } from './device-account.ts'
import type { Undo } from './undo.ts'

/** A certificate that is active, and the key that only this machine has. */
export interface NewCertificate {
  readonly certificateId: string
  readonly certificateArn: string
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** Makes an EC P-256 key here and has a certificate made for it; the key is never sent. */
export async function newCertificate(
  iot: IoTClient,
  thingName: string,
  undo: Undo,
): Promise<NewCertificate> {
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName })
  const input = { certificateSigningRequest: csrPem, setAsActive: true }
  const {
    certificateId = '',
    certificateArn = '',
    certificatePem = '',
  } = await ask('CreateCertificateFromCsr', iot.send(new CreateCertificateFromCsrCommand(input)))
  undo.made(`certificate ${certificateId}`, async () => {
    await deactivate(iot, certificateId)
    await remove(iot, certificateId)
  })
  return { certificateId, certificateArn, certificatePem, privateKeyPem }
}

/** Joins a certificate with its policies and its thing. */
export async function attach(
  iot: IoTClient,
  certificateArn: string,
  {
    thingName,
    policyNames,
  }: { readonly thingName: string; readonly policyNames: readonly string[] },
  undo: Undo,
): Promise<void> {
  const target = certificateArn
  for (const policyName of policyNames) {
    await ask('AttachPolicy', iot.send(new AttachPolicyCommand({ policyName, target })))
    undo.made(`attachment of policy ${policyName}`, () =>
      iot.send(new DetachPolicyCommand({ policyName, target })),
    )
  }
  const principal = { thingName, principal: certificateArn }
  await ask('AttachThingPrincipal', iot.send(new AttachThingPrincipalCommand(principal)))
  undo.made(`attachment to thing ${thingName}`, () =>
    iot.send(new DetachThingPrincipalCommand(principal)),
  )
}

/** ARNs of the certificates that are attached to a thing. */
export async function certificatesOf(
  iot: IoTClient,
  thingName: string,
): Promise<readonly string[]> {
  const found: string[] = []
  const pages = paginateListThingPrincipals({ client: iot }, { thingName })
  await ask(
    'ListThingPrincipals',
    (async () => {
      for await (const { principals = [] } of pages) found.push(...principals)
    })(),
  )
  return found.filter((arn) => arn.includes(':cert/'))
}

/** Names of the policies that are attached to a certificate. */
export async function policiesOf(iot: IoTClient, target: string): Promise<readonly string[]> {
  const found: string[] = []
  const pages = paginateListAttachedPolicies({ client: iot }, { target })
  await ask(
    'ListAttachedPolicies',
    (async () => {
      for await (const { policies = [] } of pages) {
        found.push(...policies.flatMap(({ policyName }) => policyName ?? []))
      }
    })(),
  )
  return found
}

/** The part of its ARN that operations on it take. */
export function certificateIdOf(certificateArn: string): string {
  return certificateArn.slice(certificateArn.lastIndexOf('/') + 1)
}

/** Deactivates a certificate, detaches it from policies and thing, and deletes it. */
export async function retire(
  iot: IoTClient,
  thingName: string,
  certificateArn: string,
): Promise<void> {
  const target = certificateArn
  await deactivate(iot, certificateIdOf(target))
  for (const policyName of await policiesOf(iot, target)) {
    await ask('DetachPolicy', iot.send(new DetachPolicyCommand({ policyName, target })))
  }
  // Last, so that a second try still finds the certificate by its thing.
  const principal = { thingName, principal: target }
  await ask('DetachThingPrincipal', iot.send(new DetachThingPrincipalCommand(principal)))
  await ask('DeleteCertificate', remove(iot, certificateIdOf(target)))
}

/** What is INACTIVE or REVOKED already can be deleted as it is; AWS reinstates no revoked one. */
async function deactivate(iot: IoTClient, certificateId: string): Promise<void> {
  const asked = iot.send(new DescribeCertificateCommand({ certificateId }))
  const { certificateDescription } = await ask('DescribeCertificate', asked)
  if (certificateDescription?.status !== 'ACTIVE') return
  const update = new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' })
  await ask('UpdateCertificate', iot.send(update))
}

function remove(iot: IoTClient, certificateId: string): Promise<void> {
  return whenSettled(() => iot.send(new DeleteCertificateCommand({ certificateId })))
}

const ATTEMPTS_MAX = 5
const PAUSE_MS = 1000

/** AWS sees a detachment some seconds late, and refuses to delete meanwhile. */
export async function whenSettled(remove: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await remove()
      return
    } catch (cause) {
      const early =
        isRefusedAs(cause, 'DeleteConflictException') ||
        isRefusedAs(cause, 'InvalidRequestException')
      if (!early || attempt === ATTEMPTS_MAX) throw cause
      await wait(PAUSE_MS)
    }
  }
}
