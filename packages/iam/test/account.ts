/** Accounts for tests: documents that a reader can see through. */
import { readIamAccount, type IamAccount } from '../src/index.ts'

export const accountId = '123456789012'

/** Reads a file's content; throws with the fault. */
export function accountOf(document: unknown): IamAccount {
  const read = readIamAccount(document, { accountId, readKeySet: () => '{"keys":[]}' })
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}

/** The fault of a file's content. */
export function faultOf(document: unknown): string {
  const read = readIamAccount(document, {
    accountId,
    readKeySet: (name) => {
      throw new Error(`no file ${name}`)
    },
  })
  if (read.ok) throw new Error('expected a fault')
  return read.error.message
}

/** One statement as a document. */
export function document(
  effect: 'Allow' | 'Deny',
  action: string | readonly string[],
  resource: string | readonly string[] = '*',
  condition?: object,
): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: effect,
        Action: action,
        Resource: resource,
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  }
}

/** A trust document of one statement. */
export function trust(
  principal: unknown,
  action: string | readonly string[] = 'sts:AssumeRole',
  condition?: object,
): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: principal,
        Action: action,
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  }
}
