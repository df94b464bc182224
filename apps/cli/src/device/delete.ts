/** `muster device delete`. */
import {
  DeletePolicyCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  ListTargetsForPolicyCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { ask, inAccount, isRefusedAs } from './device-account.ts'
import {
  certificateIdOf,
  certificatesOf,
  policiesOf,
  retire,
  whenSettled,
} from './device-certificate.ts'
import type { DeviceFileFlags } from './device-commands.ts'
import { folderOf, recordIn, removeFiles } from './device-files.ts'
import { ownPolicyName } from './device-policy.ts'

/** What was removed. */
interface Removal {
  readonly thingName: string
  readonly certificateIds: readonly string[]
  readonly policyName: string | undefined
  /** Folder of the files; undefined when they were not there. */
  readonly folder: string | undefined
}

/**
 * Removes a device: its certificates, the policy that is its own, the thing, and its files where they
 * say that they are its.
 *
 * @throws Error naming the operation that failed; what was removed before stays removed
 */
export async function runDelete(thingName: string, flags: DeviceFileFlags): Promise<void> {
  const removal = await inAccount(flags, async ({ iot }): Promise<Removal> => {
    const described = iot.send(new DescribeThingCommand({ thingName }))
    const { thingArn } = await ask('DescribeThing', described)
    const certificates = await certificatesOf(iot, thingName)
    const policies = await Promise.all(certificates.map((arn) => policiesOf(iot, arn)))
    for (const arn of certificates) await retire(iot, thingName, arn)
    const own = ownPolicyName(thingName)
    const policyName =
      policies.flat().includes(own) && (await deleteUnused(iot, own)) ? own : undefined
    const remove = (): Promise<unknown> => iot.send(new DeleteThingCommand({ thingName }))
    await ask('DeleteThing', whenSettled(remove))
    const folder = folderOf(thingName, flags)
    const theirs = recordIn(folder)?.thingArn === thingArn
    if (theirs) removeFiles(folder)
    const certificateIds = certificates.map(certificateIdOf)
    return { thingName, certificateIds, policyName, folder: theirs ? folder : undefined }
  })
  process.stdout.write(flags.json ? `${JSON.stringify(removal)}\n` : said(removal))
}

/** A policy that somebody else uses by now stays. */
async function deleteUnused(iot: IoTClient, policyName: string): Promise<boolean> {
  const asked = iot.send(new ListTargetsForPolicyCommand({ policyName }))
  const { targets = [] } = await ask('ListTargetsForPolicy', asked)
  if (targets.length > 0) return false
  try {
    const remove = (): Promise<unknown> => iot.send(new DeletePolicyCommand({ policyName }))
    await ask('DeletePolicy', whenSettled(remove))
    return true
  } catch (cause) {
    // Versions that somebody added are theirs.
    if (isRefusedAs(cause, 'DeleteConflictException')) return false
    throw cause
  }
}

function said({ thingName, certificateIds, policyName, folder }: Removal): string {
  const parts = [
    `thing ${thingName}`,
    ...certificateIds.map((id) => `certificate ${id}`),
    ...(policyName === undefined ? [] : [`policy ${policyName}`]),
    ...(folder === undefined ? [] : [`files in ${folder}`]),
  ]
  return `deleted: ${parts.join(', ')}\n`
}
