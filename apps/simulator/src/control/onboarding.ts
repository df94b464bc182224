/**
 * Devices into the account: thing type, group and policy once, then for each device a thing and a
 * certificate made from its own request. What an earlier run left is used again.
 */
import { join } from 'node:path'
import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  CreateThingTypeCommand,
  DescribeCertificateCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { call, isRefusal } from './control-plane.ts'
import { devicePolicy } from './device-policy.ts'
import { certificateIdOf, IdentityFolder } from './identity-folder.ts'
import { inParallel } from './in-parallel.ts'

/** One device as the registry should know it. */
export interface DeviceRegistration {
  readonly thingName: string
  readonly thingType?: string
  readonly attributes: Readonly<Record<string, string>>
  readonly thingGroups: readonly string[]
}

/** How a fleet is onboarded. */
export interface OnboardingOptions {
  readonly client: IoTClient
  readonly devices: readonly DeviceRegistration[]
  readonly policyName: string
  /** Folder of all identities; this account's are in a sub-folder. */
  readonly folder: string
  /** Requests under way at once; default 16. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  /** Told after each device. */
  readonly onProgress?: (done: number, total: number) => void
}

/** The account as onboarding found it. */
export interface OnboardedFleet {
  readonly partition: string
  readonly region: string
  readonly accountId: string
  readonly identities: IdentityFolder
  /** ARN by thing group name. */
  readonly groupArns: ReadonlyMap<string, string>
  /** How many certificates were made now rather than found on disk. */
  readonly created: number
}

/**
 * Makes sure every device has a thing, a certificate the server knows, and the policy.
 *
 * @throws ControlPlaneError naming the operation that failed
 */
export async function onboard(options: OnboardingOptions): Promise<OnboardedFleet> {
  const { client, devices, signal, concurrency = 16 } = options
  const groups = unique(devices.flatMap((device) => device.thingGroups))
  const groupArns = new Map<string, string>()
  for (const thingGroupName of groups) {
    const made = await call(
      'CreateThingGroup',
      client.send(new CreateThingGroupCommand({ thingGroupName })),
    )
    groupArns.set(thingGroupName, made.thingGroupArn ?? '')
  }
  const types = unique(devices.flatMap(({ thingType }) => (thingType ? [thingType] : [])))
  for (const thingTypeName of types) {
    await call('CreateThingType', client.send(new CreateThingTypeCommand({ thingTypeName })))
  }
  const scope = scopeOf([...groupArns.values()][0] ?? '')
  await createPolicy(client, options.policyName, devicePolicy(scope))
  const identities = new IdentityFolder(join(options.folder, `${scope.accountId}-${scope.region}`))
  let done = 0
  let created = 0
  await inParallel(
    devices,
    concurrency,
    async (device) => {
      if (await onboardDevice(options, device, identities)) created++
      options.onProgress?.(++done, devices.length)
    },
    signal,
  )
  return { ...scope, identities, groupArns, created }
}

async function createPolicy(
  client: IoTClient,
  policyName: string,
  document: string,
): Promise<void> {
  try {
    await call(
      'CreatePolicy',
      client.send(new CreatePolicyCommand({ policyName, policyDocument: document })),
    )
  } catch (cause) {
    if (!isRefusal(cause, 'ResourceAlreadyExistsException')) throw cause
  }
}

/** @returns whether a certificate was made */
async function onboardDevice(
  options: OnboardingOptions,
  device: DeviceRegistration,
  identities: IdentityFolder,
): Promise<boolean> {
  const { client, policyName } = options
  const { thingName, thingType, attributes, thingGroups } = device
  try {
    await call(
      'CreateThing',
      client.send(
        new CreateThingCommand({
          thingName,
          ...(thingType === undefined ? {} : { thingTypeName: thingType }),
          ...(Object.keys(attributes).length === 0 ? {} : { attributePayload: { attributes } }),
        }),
      ),
    )
  } catch (cause) {
    if (!isRefusal(cause, 'ResourceAlreadyExistsException')) throw cause
  }
  const known = identities.has(thingName) && (await isKnown(client, identities, thingName))
  if (!known) await certify(client, thingName, policyName, identities)
  for (const thingGroupName of thingGroups) {
    await call(
      'AddThingToThingGroup',
      client.send(new AddThingToThingGroupCommand({ thingGroupName, thingName })),
    )
  }
  return !known
}

async function isKnown(
  client: IoTClient,
  identities: IdentityFolder,
  thingName: string,
): Promise<boolean> {
  const certificateId = certificateIdOf(identities.load(thingName).certificatePem)
  try {
    const found = await call(
      'DescribeCertificate',
      client.send(new DescribeCertificateCommand({ certificateId })),
    )
    return found.certificateDescription?.status === 'ACTIVE'
  } catch (cause) {
    if (isRefusal(cause, 'ResourceNotFoundException')) return false
    throw cause
  }
}

async function certify(
  client: IoTClient,
  thingName: string,
  policyName: string,
  identities: IdentityFolder,
): Promise<void> {
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName })
  const made = await call(
    'CreateCertificateFromCsr',
    client.send(
      new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
    ),
  )
  const principal = made.certificateArn ?? ''
  await call(
    'AttachThingPrincipal',
    client.send(new AttachThingPrincipalCommand({ thingName, principal })),
  )
  await call(
    'AttachPolicy',
    client.send(new AttachPolicyCommand({ policyName, target: principal })),
  )
  identities.save(thingName, { privateKeyPem, certificatePem: made.certificatePem ?? '' })
}

function scopeOf(arn: string): { partition: string; region: string; accountId: string } {
  const [, partition = 'aws', , region = '', accountId = ''] = arn.split(':')
  return { partition, region, accountId }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
