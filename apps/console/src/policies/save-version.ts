/** Saves a document as a new version of a policy, which keeps five. */
import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  type IoTClient,
  type PolicyVersion,
} from '@aws-sdk/client-iot'
import { versionsMax, versionsOf } from './policy-queries.ts'

/**
 * The version that has to go before a new one can be made: the oldest that does not count.
 *
 * @returns undefined while there is room
 */
export function versionToDrop(versions: readonly PolicyVersion[]): string | undefined {
  if (versions.length < versionsMax) return undefined
  return versions
    .filter(({ isDefaultVersion }) => isDefaultVersion !== true)
    .map(({ versionId = '' }) => versionId)
    .toSorted((left, right) => Number(left) - Number(right))[0]
}

/**
 * @returns the new version's id
 * @throws what the SDK throws
 */
export async function saveVersion(
  iot: IoTClient,
  {
    policyName,
    document,
    setAsDefault,
  }: {
    readonly policyName: string
    readonly document: string
    readonly setAsDefault: boolean
  },
): Promise<string> {
  const policyVersionId = versionToDrop(await versionsOf(iot, policyName))
  if (policyVersionId !== undefined) {
    await iot.send(new DeletePolicyVersionCommand({ policyName, policyVersionId }))
  }
  const created = await iot.send(
    new CreatePolicyVersionCommand({ policyName, policyDocument: document, setAsDefault }),
  )
  return created.policyVersionId ?? ''
}
