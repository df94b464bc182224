/** AssumeRole with the keys that were typed. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { Session } from './session.ts'
import { typedKeys, type TemporaryKeys } from './session-keys.ts'

/** Names the session in refusals, events and `aws sts get-caller-identity`. */
const SESSION_NAME = 'muster-console'

/** Rejects with what AssumeRole throws. */
export async function assumeRole(session: Session, roleArn: string): Promise<TemporaryKeys> {
  const sts = new STSClient({
    endpoint: stsEndpoint(session),
    region: session.region,
    credentials: typedKeys(session),
    maxAttempts: 3,
  })
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: SESSION_NAME,
        ExternalId: session.externalId,
      }),
    )
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {}
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error('AssumeRole answered without credentials')
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiresAtMs: Expiration.getTime(),
    }
  } finally {
    sts.destroy()
  }
}

/** AWS has STS at a host of its own; Muster serves it where the control plane is. */
export function stsEndpoint({ endpoint }: Pick<Session, 'endpoint'>): string {
  return endpoint.replace(
    /^https:\/\/iot\.([a-z0-9-]+\.amazonaws\.com(?:\.cn)?)$/,
    'https://sts.$1',
  )
}
