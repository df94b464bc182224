/** GetCallerIdentity: loaded when the account is first asked for. */
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts'
import { stsEndpoint } from './assume-role.ts'
import type { Session } from './session.ts'

/**
 * The number of the account that keys are of; undefined where the answer names none.
 *
 * @throws what the SDK throws
 */
export async function callerAccount(
  session: Pick<Session, 'endpoint' | 'region'>,
  credentials: NonNullable<STSClientConfig['credentials']>,
): Promise<string | undefined> {
  const sts = new STSClient({ endpoint: stsEndpoint(session), region: session.region, credentials })
  try {
    return (await sts.send(new GetCallerIdentityCommand())).Account
  } finally {
    sts.destroy()
  }
}
