/** Who may operate this server: the principals of `--iam`, or the first operator. */
import type { IamAccount } from '@muster/iam'
import { isLoopback } from '../exposure.ts'
import type { ServerOptions } from '../options.ts'
import { defaultOperators } from './default-operators.ts'
import { watchIamFiles } from './iam-file-watch.ts'

/** Principals as they are at any moment. */
export interface Operators {
  /** A changed file makes another object. */
  account(): IamAccount
  /** The key a local tool may use without being told; undefined with an IAM file. */
  readonly first: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  close(): void
}

/**
 * Opens the operators that the options name.
 *
 * @throws Error when an IAM file cannot be read or parsed
 */
export function openOperators(
  options: Pick<ServerOptions, 'iamFiles' | 'accountId' | 'bind' | 'firstOperator' | 'log'>,
): Operators {
  if (options.iamFiles.length > 0) {
    const watched = watchIamFiles(options.iamFiles, options.accountId, options.log)
    return { ...watched, first: undefined }
  }
  const loopback = isLoopback(options.bind)
  const account = defaultOperators(options.accountId, loopback, options.firstOperator)
  const wellKnown = loopback ? { accessKeyId: 'test', secretAccessKey: 'test' } : undefined
  return { account: () => account, first: options.firstOperator ?? wellKnown, close: () => {} }
}
