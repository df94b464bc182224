/** Operators of a server that was given no `--iam` file. */
import { readIamAccount, type IamAccount } from '@muster/iam'

/** An access key from the environment. */
export interface EnvironmentKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * The users a server starts with: one of `MUSTER_ACCESS_KEY_ID` where set, and `test`/`test` on
 * loopback only, where it is all the protection needed. Both are administrators (identities I7).
 *
 * @param loopback - whether every listener is bound to loopback
 */
export function defaultOperators(
  accountId: string,
  loopback: boolean,
  environment: EnvironmentKey | undefined,
): IamAccount {
  const keys = [
    ...(loopback ? [['test', { accessKeyId: 'test', secretAccessKey: 'test' }] as const] : []),
    ...(environment === undefined ? [] : [['operator', environment] as const]),
  ].filter(
    // The environment may name the default key itself, with another secret.
    ([userName, key]) => userName !== 'test' || key.accessKeyId !== environment?.accessKeyId,
  )
  const users = keys.map(([userName, { accessKeyId, secretAccessKey }]) => ({
    userName,
    managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    accessKeys: [{ accessKeyId, secretAccessKey }],
  }))
  const read = readIamAccount({ users }, { accountId, readKeySet: () => '' })
  if (!read.ok) throw new Error(`the first operator: ${read.error.message}`)
  return read.value
}
