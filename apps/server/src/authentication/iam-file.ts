/**
 * The `--iam` files, read from disk: one of the native form (identities I1), or what `aws iam
 * get-account-authorization-details` prints with a second one that gives its users keys (I16).
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  fromAuthorizationDetails,
  inDetailNames,
  isAuthorizationDetails,
  readIamAccount,
  withAccessKeys,
  type IamAccount,
} from '@muster/iam'

/** An account and the files it was read from, key sets included. */
export interface IamFiles {
  readonly account: IamAccount
  /** Absolute paths; a change of any is a change of the account. */
  readonly files: readonly string[]
}

/**
 * Reads the files of `--iam`.
 *
 * @throws Error with the file and the place of the first fault; no half of a file is ever used
 */
export function readIamFiles(paths: readonly string[], accountId: string): IamFiles {
  const documents = paths.map((path) => ({ path, document: readJson(path) }))
  const details = documents.find(({ document }) => isAuthorizationDetails(document))
  const native = documents.filter((file) => file !== details)
  if (native.length > 1 || (details === undefined && native.length === 0)) {
    throw new Error(
      `--iam: expected one file, or the output of get-account-authorization-details and one file with keys, found ${paths.join(', ')}`,
    )
  }
  const [keys] = native
  const main = details ?? keys
  if (main === undefined) throw new Error('--iam: expected a file')
  const files = new Set(paths.map((path) => resolve(path)))
  const read = readIamAccount(
    details === undefined ? main.document : joined(details.path, details.document, keys),
    {
      accountId,
      readKeySet: (name) => {
        const file = resolve(dirname(keys?.path ?? main.path), name)
        files.add(file)
        return readFileSync(file, 'utf8')
      },
    },
  )
  if (!read.ok) {
    const { message } = read.error
    throw new Error(`${main.path}: ${details === undefined ? message : inDetailNames(message)}`)
  }
  return { account: read.value, files: [...files] }
}

interface JsonFile {
  readonly path: string
  readonly document: unknown
}

function joined(path: string, details: unknown, keys: JsonFile | undefined): unknown {
  const imported = fromAuthorizationDetails(details)
  if (!imported.ok) throw new Error(`${path}: ${imported.error.message}`)
  if (keys === undefined) return imported.value
  const both = withAccessKeys(imported.value, keys.document)
  if (!both.ok) throw new Error(`${keys.path}: ${both.error.message}`)
  return both.value
}

function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${path}: not JSON: ${(cause as Error).message}`, { cause })
  }
}
