/**
 * The OTA update of a run, as its operator creates it.
 */
import { readFileSync } from 'node:fs'
import {
  CreateOTAUpdateCommand,
  GetOTAUpdateCommand,
  type CreateOTAUpdateRequest,
  type IoTClient,
  type OTAUpdateFile,
} from '@aws-sdk/client-iot'
import { call } from '@muster/fleet/control'
import { SIGNER_NAME, type OtaSigner } from '../ota-signer.ts'
import type { ScenarioJob, ScenarioOta } from '../scenario/scenario.ts'
import { rolloutConfig } from './rollout.ts'

/**
 * Creates the update.
 *
 * @param targets - ARNs of groups or things of the account
 * @throws Error when the service cannot make it, with its reason; when the file to sign cannot be read
 */
export async function createOtaUpdate(
  client: IoTClient,
  otaUpdateId: string,
  targets: readonly string[],
  job: ScenarioJob & { readonly ota: ScenarioOta },
  signer: OtaSigner,
): Promise<void> {
  const { abort, inProgressTimeoutInMinutes, ota, rollout, targetSelection } = job
  const { jobExecutionsRolloutConfig } = rolloutConfig(rollout)
  const accountId = targets[0]?.split(':')[4] ?? ''
  const input: CreateOTAUpdateRequest = {
    otaUpdateId,
    targets: [...targets],
    roleArn: `arn:aws:iam::${accountId}:role/${ota.roleName ?? 'muster-ota'}`,
    protocols: [...(ota.protocols ?? ['MQTT'])],
    files: [fileOf(ota, signer)],
    ...(targetSelection === undefined ? {} : { targetSelection }),
    ...(jobExecutionsRolloutConfig === undefined
      ? {}
      : { awsJobExecutionsRolloutConfig: jobExecutionsRolloutConfig }),
    ...(abort === undefined
      ? {}
      : {
          awsJobAbortConfig: {
            abortCriteriaList: abort.map((it) => ({ ...it, action: 'CANCEL' as const })),
          },
        }),
    ...(inProgressTimeoutInMinutes === undefined
      ? {}
      : { awsJobTimeoutConfig: { inProgressTimeoutInMinutes } }),
  }
  await call('CreateOTAUpdate', client.send(new CreateOTAUpdateCommand(input)))
  const { otaUpdateInfo } = await call(
    'GetOTAUpdate',
    client.send(new GetOTAUpdateCommand({ otaUpdateId })),
  )
  if (otaUpdateInfo?.otaUpdateStatus !== 'CREATE_FAILED') return
  const { code = '', message = '' } = otaUpdateInfo.errorInfo ?? {}
  throw new Error(`OTA update \`${otaUpdateId}\` could not be created: ${code}: ${message}`)
}

function fileOf({ bucket, key, file }: ScenarioOta, signer: OtaSigner): OTAUpdateFile {
  const fileName = key.split('/').at(-1) ?? key
  const fileLocation = { s3Location: { bucket, key } }
  if (file === undefined) return { fileName, fileLocation }
  const signature = signer.sign(readFileSync(file))
  return {
    fileName,
    fileLocation,
    codeSigning: {
      customCodeSigning: {
        signature: { inlineDocument: Buffer.from(signature) },
        certificateChain: { certificateName: SIGNER_NAME },
        hashAlgorithm: 'SHA256',
        signatureAlgorithm: 'ECDSA',
      },
    },
  }
}
