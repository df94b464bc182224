/** `muster device revoke`. */
import { UpdateCertificateCommand } from '@aws-sdk/client-iot'
import { ask, inAccount } from './device-account.ts'
import { certificateIdOf, certificatesOf } from './device-certificate.ts'
import type { DeviceFlags } from './device-commands.ts'

/**
 * Revokes every certificate of a thing.
 *
 * @throws Error when it has none
 */
export async function runRevoke(thingName: string, flags: DeviceFlags): Promise<void> {
  const revoked = await inAccount(flags, async ({ iot }) => {
    const ids = (await certificatesOf(iot, thingName)).map(certificateIdOf)
    if (ids.length === 0) throw new Error(`thing \`${thingName}\` has no certificate to revoke`)
    for (const certificateId of ids) {
      const update = new UpdateCertificateCommand({ certificateId, newStatus: 'REVOKED' })
      await ask('UpdateCertificate', iot.send(update))
    }
    return ids
  })
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ thingName, revokedCertificateIds: revoked })}\n`
      : `revoked: ${revoked.join(', ')}\n`,
  )
}
