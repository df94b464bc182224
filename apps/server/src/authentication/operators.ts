/** Who may operate this server: the users of `--iam`, or the first operator. */
import { isLoopback } from '../exposure.ts'
import type { ServerOptions } from '../options.ts'
import { defaultOperators } from './default-operators.ts'
import { watchIamFile } from './iam-file-watch.ts'
import { IamUsers, type AccessKeys } from './iam-users.ts'

/** Access keys as they are at any moment. */
export interface Operators {
  readonly keys: AccessKeys
  /** The key a local tool may use without being told; undefined with an IAM file. */
  readonly first: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  close(): void
}

/**
 * Opens the operators that the options name.
 *
 * @throws Error when the IAM file cannot be read or parsed
 */
export function openOperators(
  options: Pick<ServerOptions, 'iamFile' | 'accountId' | 'bind' | 'firstOperator' | 'log'>,
): Operators {
  if (options.iamFile !== undefined) {
    const { users, close } = watchIamFile(options.iamFile, options.accountId, options.log)
    return { keys: users, first: undefined, close }
  }
  const loopback = isLoopback(options.bind)
  const keys = new IamUsers(defaultOperators(options.accountId, loopback, options.firstOperator))
  const wellKnown = loopback ? { accessKeyId: 'test', secretAccessKey: 'test' } : undefined
  return { keys, first: options.firstOperator ?? wellKnown, close: () => {} }
}
