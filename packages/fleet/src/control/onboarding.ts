/**
 * Devices into the account: thing types, groups and policy once, then for each device a thing and
 * a certificate made from its own request. What an earlier run left is used again.
 */
import { join } from 'node:path'
import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  paginateListCertificates,
  paginateListThingsInThingGroup,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { provisionByClaim, type DeviceEndpoint } from '@muster/device'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { createClaim, type Claim } from './claim.ts'
import { call } from './control-plane.ts'
import type { DeviceRegistration } from './device-registration.ts'
import { devicePolicy, type PolicyScope } from './device-policy.ts'
import { certificateIdOf, IdentityFolder } from '../identities/identity-folder.ts'
import { ensureGroup, ensurePolicy, ensureThing, ensureThingType } from './ensure.ts'
import { inParallel } from './in-parallel.ts'
import { registerThing } from './register-thing.ts'

/** How a fleet is onboarded. */
export interface OnboardingOptions {
  readonly client: IoTClient
  readonly devices: readonly DeviceRegistration[]
  /** Thing group that holds all others. */
  readonly rootGroup: string
  /** Names of what is made beside things and groups begin with it. */
  readonly prefix: string
  /** Thing groups below it. */
  readonly groups: readonly string[]
  readonly policyName: string
  /** Its document, where it has to be made; `devicePolicy` when left out. */
  readonly policyDocument?: (scope: PolicyScope) => string
  /** Folder of all identities; this account's are in a sub-folder. */
  readonly folder: string
  /**
   * Certificates that the account already knows, in this folder: none is made, and what they may
   * do is their owner's business.
   */
  readonly certificateFolder?: string
  /** Where devices that provision by claim connect. */
  readonly endpoint: DeviceEndpoint
  /** Requests under way at once; default 16. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  /** Told after each device. */
  readonly onProgress?: (done: number, total: number) => void
}

/** The account as onboarding left it. */
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
 * Makes sure every device has a thing, a certificate that the server knows as active, the policy,
 * and its group, which comes last: a member of its group needs nothing more.
 *
 * @throws ControlPlaneError naming the operation that failed
 */
export async function onboard(options: OnboardingOptions): Promise<OnboardedFleet> {
  const { client, devices, rootGroup, groups, signal, concurrency = 16 } = options
  const groupArns = new Map([[rootGroup, await ensureGroup(client, rootGroup)]])
  for (const group of groups) groupArns.set(group, await ensureGroup(client, group, rootGroup))
  for (const thingTypeName of new Set(devices.map(({ thingType }) => thingType))) {
    if (thingTypeName !== undefined) await ensureThingType(client, thingTypeName)
  }
  const scope = scopeOf(groupArns.get(rootGroup) ?? '')
  if (options.certificateFolder !== undefined) {
    const given = new IdentityFolder(options.certificateFolder)
    let admitted = 0
    const admit = async (device: DeviceRegistration): Promise<void> => {
      await ensureThing(client, device)
      await joinGroup(client, device)
      options.onProgress?.(++admitted, devices.length)
    }
    await inParallel(devices, concurrency, admit, signal)
    return { ...scope, identities: given, groupArns, created: 0 }
  }
  const { policyDocument = devicePolicy } = options
  await ensurePolicy(client, options.policyName, policyDocument(scope))
  const identities = new IdentityFolder(join(options.folder, `${scope.accountId}-${scope.region}`))
  const found = await findEarlier(client, devices, identities, rootGroup)
  const claims = new Map<string, Promise<Claim>>()
  const claimFor = (withType: boolean): Promise<Claim> => {
    const name = String(withType)
    const made =
      claims.get(name) ?? createClaim(client, scope, options.prefix, options.policyName, withType)
    claims.set(name, made)
    return made
  }
  const run: Introduction = { ...options, identities, claimFor, registers: true }
  let done = 0
  let created = 0
  await inParallel(
    devices,
    concurrency,
    async (device) => {
      const certified = found.certified.has(device.thingName)
      if (!certified) created++
      if (!certified) await introduce(run, device)
      else if (!found.members.has(device.thingName)) await readmit(run, device)
      options.onProgress?.(++done, devices.length)
    },
    signal,
  )
  for (const claim of claims.values()) await (await claim).revoke()
  return { ...scope, identities, groupArns, created }
}

interface Introduction extends OnboardingOptions {
  readonly identities: IdentityFolder
  /** The claim of this run, made when first needed. */
  readonly claimFor: (withType: boolean) => Promise<Claim>
  /** Whether the server offers RegisterThing, which does all at once. */
  registers: boolean
}

/** A device that has no certificate here yet. */
async function introduce(run: Introduction, device: DeviceRegistration): Promise<void> {
  const { client, policyName, identities } = run
  const { thingName } = device
  if (device.byClaim === true) {
    await provision(run, device)
    return
  }
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName })
  if (run.registers) {
    const certificatePem = await registerThing(client, device, policyName, csrPem)
    if (certificatePem !== undefined) {
      identities.save(thingName, { privateKeyPem, certificatePem })
      return
    }
    run.registers = false
  }
  await ensureThing(client, device)
  const { certificateArn = '', certificatePem = '' } = await call(
    'CreateCertificateFromCsr',
    client.send(
      new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
    ),
  )
  await attach(run, device, certificateArn)
  identities.save(thingName, { privateKeyPem, certificatePem })
}

/** The device does it itself, with the claim certificate in its firmware. */
async function provision(run: Introduction, device: DeviceRegistration): Promise<void> {
  const { thingName, thingGroup, thingType } = device
  const { templateName, identity: claim } = await run.claimFor(thingType !== undefined)
  const { identity } = await provisionByClaim({
    endpoint: run.endpoint,
    claim,
    templateName,
    commonName: thingName,
    // Not the device's own: AWS lets a client identifier connect once a second (gateway G20).
    clientId: `claim-${thingName}`,
    parameters: {
      ThingName: thingName,
      ThingGroup: thingGroup,
      ...(thingType === undefined ? {} : { ThingType: thingType }),
    },
  })
  run.identities.save(thingName, identity)
}

/** A device whose certificate is known, but that is new to its group. */
async function readmit(run: Introduction, device: DeviceRegistration): Promise<void> {
  const { partition, region, accountId } = scopeOf(await ensureThing(run.client, device))
  const certificateId = certificateIdOf(run.identities.load(device.thingName).certificatePem)
  await attach(run, device, `arn:${partition}:iot:${region}:${accountId}:cert/${certificateId}`)
}

async function attach(
  { client, policyName }: Introduction,
  device: DeviceRegistration,
  principal: string,
): Promise<void> {
  const input = { thingName: device.thingName, principal }
  await call('AttachThingPrincipal', client.send(new AttachThingPrincipalCommand(input)))
  await call(
    'AttachPolicy',
    client.send(new AttachPolicyCommand({ policyName, target: principal })),
  )
  await joinGroup(client, device)
}

async function joinGroup(client: IoTClient, device: DeviceRegistration): Promise<void> {
  const { thingName, thingGroup: thingGroupName } = device
  const input = { thingGroupName, thingName }
  await call('AddThingToThingGroup', client.send(new AddThingToThingGroupCommand(input)))
}

/** What earlier runs left: asked in lists, so that 10,000 devices cost 80 requests. */
async function findEarlier(
  client: IoTClient,
  devices: readonly DeviceRegistration[],
  identities: IdentityFolder,
  rootGroup: string,
): Promise<{ certified: ReadonlySet<string>; members: ReadonlySet<string> }> {
  const certified = new Set<string>()
  const members = new Set<string>()
  const onDisk = devices.filter(({ thingName }) => identities.has(thingName))
  if (onDisk.length === 0) return { certified, members }
  const active = new Set<string>()
  const config = { client, pageSize: 250 }
  for await (const page of paginateListCertificates(config, {})) {
    for (const { certificateId, status } of page.certificates ?? []) {
      if (status === 'ACTIVE' && certificateId !== undefined) active.add(certificateId)
    }
  }
  for (const { thingName } of onDisk) {
    const id = certificateIdOf(identities.load(thingName).certificatePem)
    if (active.has(id)) certified.add(thingName)
  }
  const input = { thingGroupName: rootGroup, recursive: true }
  for await (const page of paginateListThingsInThingGroup(config, input)) {
    for (const thing of page.things ?? []) members.add(thing)
  }
  return { certified, members }
}

function scopeOf(arn: string): PolicyScope {
  const [, partition = 'aws', , region = '', accountId = ''] = arn.split(':')
  return { partition, region, accountId }
}
