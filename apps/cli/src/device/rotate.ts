/** `muster device rotate`. */
import { mkdirSync } from 'node:fs'
import { DescribeThingCommand } from '@aws-sdk/client-iot'
import { ask, inAccount, type DeviceAccount } from './device-account.ts'
import {
  attach,
  certificateIdOf,
  certificatesOf,
  newCertificate,
  policiesOf,
  retire,
} from './device-certificate.ts'
import type { RotateFlags } from './device-commands.ts'
import { filesIn, folderOf, recordIn, writeFiles, type DeviceFiles } from './device-files.ts'
import { Undo } from './undo.ts'

/** What a rotation changed. */
interface Rotation {
  readonly thingName: string
  readonly certificateId: string
  readonly certificateArn: string
  readonly policyNames: readonly string[]
  /** Deleted, or left with `--keep-old`. */
  readonly oldCertificateIds: readonly string[]
  readonly files: DeviceFiles
}

/**
 * Gives a device a new key and certificate with the policies of the old one, and removes the old one.
 * The new one is in its files before the old one goes, so that a device is never without.
 *
 * @throws Error when the thing has no certificate, the folder is another device's, or a step fails
 */
export async function runRotate(thingName: string, flags: RotateFlags): Promise<void> {
  const rotation = await inAccount(flags, (account) => rotate(account, thingName, flags))
  process.stdout.write(flags.json ? `${JSON.stringify(rotation)}\n` : said(rotation, flags))
}

async function rotate(
  { iot, endpoint }: DeviceAccount,
  thingName: string,
  flags: RotateFlags,
): Promise<Rotation> {
  const described = iot.send(new DescribeThingCommand({ thingName }))
  const { thingArn = '' } = await ask('DescribeThing', described)
  const files = filesIn(folderOf(thingName, flags))
  const there = recordIn(files.folder)
  if (there !== undefined && there.thingArn !== thingArn) {
    throw new Error(`\`${files.folder}\` has the files of ${there.thingArn}: give another --out`)
  }
  const caPem = endpoint.caPem()
  const old = await certificatesOf(iot, thingName)
  if (old.length === 0) throw new Error(`thing \`${thingName}\` has no certificate to rotate`)
  const policies = await Promise.all(old.map((arn) => policiesOf(iot, arn)))
  const policyNames = [...new Set(policies.flat())]
  const undo = new Undo()
  let certificate: Awaited<ReturnType<typeof newCertificate>>
  try {
    mkdirSync(files.folder, { recursive: true, mode: 0o700 })
    certificate = await newCertificate(iot, thingName, undo)
    await attach(iot, certificate.certificateArn, { thingName, policyNames }, undo)
    const { certificatePem, privateKeyPem, certificateId } = certificate
    const record = { thingName, thingArn, certificateId }
    writeFiles(files, { certificatePem, privateKeyPem, caPem, record })
  } catch (cause) {
    const left = await undo.takeBack()
    const rest = left.length === 0 ? 'the old certificate stays' : `left: ${left.join(', ')}`
    throw new Error(`${(cause as Error).message}; ${rest}`, { cause })
  }
  if (!flags.keepOld) {
    for (const arn of old) {
      await retire(iot, thingName, arn).catch((cause: unknown) => {
        throw new Error(
          `the new certificate is in use, but the old one ${certificateIdOf(arn)} is left: ` +
            (cause as Error).message,
          { cause },
        )
      })
    }
  }
  const { certificateId, certificateArn } = certificate
  const oldCertificateIds = old.map(certificateIdOf)
  return { thingName, certificateId, certificateArn, policyNames, oldCertificateIds, files }
}

function said(
  { thingName, certificateId, oldCertificateIds, files }: Rotation,
  flags: RotateFlags,
): string {
  const old = oldCertificateIds.join(', ')
  return [
    `${thingName} has certificate ${certificateId} now, in ${files.folder}`,
    flags.keepOld ? `left as it was: ${old}` : `deleted: ${old}`,
    '',
  ].join('\n')
}
