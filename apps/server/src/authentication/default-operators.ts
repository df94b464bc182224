/** Operators of a server that was given no `--iam` file. */
import { parsePolicy } from '@muster/policy'
import type { IamIdentity } from '../authorization/iam-identity.ts'
import type { AccessKey } from './iam-users.ts'

/** An access key from the environment. */
export interface EnvironmentKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * The keys a server starts with: the one of `MUSTER_ACCESS_KEY_ID` where set, and `test`/`test`
 * on loopback only, where it is all the protection needed. Both are administrators.
 *
 * @param loopback - whether every listener is bound to loopback
 */
export function defaultOperators(
  accountId: string,
  loopback: boolean,
  environment: EnvironmentKey | undefined,
): ReadonlyMap<string, AccessKey> {
  const keys = new Map<string, AccessKey>()
  if (loopback) {
    keys.set('test', {
      secretAccessKey: 'test',
      identity: administrator(accountId, 'test'),
    })
  }
  if (environment !== undefined) {
    keys.set(environment.accessKeyId, {
      secretAccessKey: environment.secretAccessKey,
      identity: administrator(accountId, 'operator'),
    })
  }
  return keys
}

function administrator(accountId: string, userName: string): IamIdentity {
  const text = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
  const parsed = parsePolicy(text, 'iam')
  if (!parsed.ok)
    throw new Error(`the administrator policy does not parse: ${parsed.error.message}`)
  return {
    arn: `arn:aws:iam::${accountId}:user/${userName}`,
    userName,
    accountId,
    policies: [{ policyName: 'administrator', document: parsed.value }],
    sessionPolicies: undefined,
    tags: {},
  }
}
