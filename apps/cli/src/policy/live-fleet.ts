/** Who has which policies in an account: certificates, their things and the things' groups. */
import { X509Certificate } from 'node:crypto'
import {
  DescribeCertificateCommand,
  DescribeThingCommand,
  IoTClient,
  paginateListPrincipalThingsV2,
  paginateListTargetsForPolicy,
  paginateListThingPrincipals,
  paginateListThingsInThingGroup,
} from '@aws-sdk/client-iot'
import type { KnownDevice, ProvenPolicy } from '@muster/policy'
import type { LiveEndpoint } from '../flags/live-endpoint.ts'
import { clientSettings, livePolicies } from './live-policies.ts'
import { provenPolicy } from './proven-files.ts'

/** A device with everything that judges it. */
export interface LiveDevice {
  readonly certificateId: string
  readonly known: KnownDevice
  readonly policies: readonly ProvenPolicy[]
}

/** The policies of an account, and its devices. */
export interface LiveFleet {
  readonly policies: readonly ProvenPolicy[]
  readonly devices: readonly LiveDevice[]
}

/**
 * Reads an account.
 *
 * @throws Error naming a policy that is malformed
 */
export async function liveFleet(where: LiveEndpoint): Promise<LiveFleet> {
  const policies: ProvenPolicy[] = []
  for await (const { policyName, policyDocument } of livePolicies(where)) {
    policies.push(provenPolicy(policyName, policyDocument))
  }
  const client = new IoTClient(clientSettings(where))
  try {
    return { policies, devices: await devicesOf(client, policies) }
  } finally {
    client.destroy()
  }
}

interface Attached {
  readonly own: Set<ProvenPolicy>
  readonly ofGroups: Set<ProvenPolicy>
}

async function devicesOf(
  client: IoTClient,
  policies: readonly ProvenPolicy[],
): Promise<readonly LiveDevice[]> {
  const byCertificate = new Map<string, Attached>()
  const attached = (certificateArn: string): Attached => {
    const known = byCertificate.get(certificateArn) ?? { own: new Set(), ofGroups: new Set() }
    byCertificate.set(certificateArn, known)
    return known
  }
  for (const policy of policies) {
    const { policyName } = policy
    for await (const { targets = [] } of paginateListTargetsForPolicy({ client }, { policyName })) {
      for (const target of targets) {
        if (target.includes(':cert/')) attached(target).own.add(policy)
        for (const certificate of await certificatesOfGroup(client, target)) {
          attached(certificate).ofGroups.add({ ...policy, ofGroup: true })
        }
      }
    }
  }
  const readsCertificates = policies.some(({ compiled }) =>
    JSON.stringify(compiled.document).toLowerCase().includes('iot:certificate.'),
  )
  const devices: LiveDevice[] = []
  for (const [certificateArn, { own, ofGroups }] of byCertificate) {
    const certificateId = certificateArn.slice(certificateArn.indexOf('/') + 1)
    const keys = readsCertificates ? await certificateKeys(client, certificateId) : {}
    for (const known of await thingsOf(client, certificateArn)) {
      devices.push({
        certificateId,
        known: { ...known, certificateId, keys },
        policies: [...own, ...ofGroups],
      })
    }
  }
  return devices
}

async function certificatesOfGroup(client: IoTClient, target: string): Promise<readonly string[]> {
  const thingGroupName = /:thinggroup\/(.+)$/.exec(target)?.[1]
  if (thingGroupName === undefined) return []
  const found: string[] = []
  const pages = paginateListThingsInThingGroup({ client }, { thingGroupName, recursive: true })
  for await (const { things = [] } of pages) {
    for (const thingName of things) {
      for await (const { principals = [] } of paginateListThingPrincipals(
        { client },
        { thingName },
      )) {
        found.push(...principals.filter((one) => one.includes(':cert/')))
      }
    }
  }
  return found
}

/** What each of a certificate's things makes of it; one without a thing is a device too. */
async function thingsOf(client: IoTClient, principal: string): Promise<readonly KnownDevice[]> {
  const found: KnownDevice[] = []
  for await (const { principalThingObjects = [] } of paginateListPrincipalThingsV2(
    { client },
    { principal },
  )) {
    for (const { thingName, thingPrincipalType } of principalThingObjects) {
      const thing = await client.send(new DescribeThingCommand({ thingName }))
      found.push({
        thingName,
        thingTypeName: thing.thingTypeName,
        attributes: thing.attributes,
        exclusive: thingPrincipalType === 'EXCLUSIVE_THING',
      })
    }
  }
  return found.length === 0 ? [{ thingName: undefined }] : found
}

/** What a policy can ask of a certificate's subject: its common name, as AWS substitutes it. */
async function certificateKeys(
  client: IoTClient,
  certificateId: string,
): Promise<Readonly<Record<string, string>>> {
  const { certificateDescription } = await client.send(
    new DescribeCertificateCommand({ certificateId }),
  )
  const pem = certificateDescription?.certificatePem
  if (pem === undefined) return {}
  const commonName = /^CN=(.*)$/m.exec(new X509Certificate(pem).subject)?.[1]
  return commonName === undefined ? {} : { 'iot:certificate.subject.commonname': commonName }
}
