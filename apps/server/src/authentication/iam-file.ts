/**
 * The `--iam` file: operators with their access keys and identity policies.
 *
 * ```json
 * {"users":[{"userName":"ops","tags":{},"policies":[{"Version":"2012-10-17","Statement":[]}],
 *   "accessKeys":[{"accessKeyId":"AKIA…","secretAccessKey":"…"}]}]}
 * ```
 *
 * A key with `sessionToken` is a temporary one; it may have an `expiration` (ISO 8601) and
 * `sessionPolicies`, which limit what the user's policies allow.
 */
import { accept, refuse, type Outcome } from '@muster/model'
import { parsePolicy } from '@muster/policy'
import type { IamIdentity, IamPolicy } from '../authorization/iam-identity.ts'
import type { AccessKey } from './iam-users.ts'

/**
 * Parses the file's text.
 *
 * Refuses with `InvalidIamFile` and the place of the first fault; no half of a file is ever used.
 */
export function parseIamFile(
  text: string,
  accountId: string,
): Outcome<ReadonlyMap<string, AccessKey>, 'InvalidIamFile'> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    return refuse('InvalidIamFile', `not JSON: ${(cause as Error).message}`)
  }
  const keys = new Map<string, AccessKey>()
  try {
    const users = list(object(document, 'the file', ['users']).users, 'users')
    for (const [index, user] of users.entries()) {
      readUser(user, `users[${index}]`, accountId, keys)
    }
  } catch (cause) {
    if (cause instanceof Fault) return refuse('InvalidIamFile', cause.message)
    throw cause
  }
  return accept(keys)
}

/** A fault in the file, thrown and caught within this module. */
class Fault extends Error {}

const userMembers = ['userName', 'accessKeys', 'policies', 'tags']
const keyMembers = [
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'expiration',
  'sessionPolicies',
]

function readUser(
  value: unknown,
  path: string,
  accountId: string,
  keys: Map<string, AccessKey>,
): void {
  const user = object(value, path, userMembers)
  const userName = text(user.userName, `${path}.userName`)
  if (!/^[\w+=,.@-]{1,64}$/.test(userName)) throw new Fault(`${path}.userName: \`${userName}\``)
  const identity: IamIdentity = {
    arn: `arn:aws:iam::${accountId}:user/${userName}`,
    userName,
    accountId,
    policies: policies(user.policies ?? [], `${path}.policies`, 'inline'),
    sessionPolicies: undefined,
    tags: tags(user.tags ?? {}, `${path}.tags`),
  }
  for (const [index, key] of list(user.accessKeys ?? [], `${path}.accessKeys`).entries()) {
    readKey(key, `${path}.accessKeys[${index}]`, identity, keys)
  }
}

function readKey(
  value: unknown,
  path: string,
  identity: IamIdentity,
  keys: Map<string, AccessKey>,
): void {
  const key = object(value, path, keyMembers)
  const accessKeyId = text(key.accessKeyId, `${path}.accessKeyId`)
  if (!/^\w{1,128}$/.test(accessKeyId)) throw new Fault(`${path}.accessKeyId: \`${accessKeyId}\``)
  if (keys.has(accessKeyId)) throw new Fault(`${path}.accessKeyId: \`${accessKeyId}\` twice`)
  const secretAccessKey = text(key.secretAccessKey, `${path}.secretAccessKey`)
  const temporary = key.sessionToken !== undefined
  if (!temporary && (key.expiration !== undefined || key.sessionPolicies !== undefined)) {
    throw new Fault(`${path}: \`expiration\` and \`sessionPolicies\` need a \`sessionToken\``)
  }
  keys.set(accessKeyId, {
    secretAccessKey,
    ...(temporary ? { sessionToken: text(key.sessionToken, `${path}.sessionToken`) } : {}),
    ...(key.expiration === undefined
      ? {}
      : { expiresAtMs: time(key.expiration, `${path}.expiration`) }),
    identity:
      key.sessionPolicies === undefined
        ? identity
        : {
            ...identity,
            sessionPolicies: policies(key.sessionPolicies, `${path}.sessionPolicies`, 'session'),
          },
  })
}

function policies(value: unknown, path: string, prefix: string): readonly IamPolicy[] {
  return list(value, path).map((document, index) => {
    const parsed = parsePolicy(JSON.stringify(document), 'iam')
    if (!parsed.ok) throw new Fault(`${path}[${index}]: ${parsed.error.message}`)
    return { policyName: `${prefix}-${index}`, document: parsed.value }
  })
}

function tags(value: unknown, path: string): Readonly<Record<string, string>> {
  const entries = Object.entries(object(value, path, undefined))
  return Object.fromEntries(entries.map(([name, tag]) => [name, text(tag, `${path}.${name}`)]))
}

function object(
  value: unknown,
  path: string,
  members: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Fault(`${path}: expected an object`)
  }
  const unknown = Object.keys(value).find((name) => members?.includes(name) === false)
  if (unknown !== undefined) {
    throw new Fault(`${path}: unknown member \`${unknown}\`, expected ${members?.join(', ')}`)
  }
  return value as Readonly<Record<string, unknown>>
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Fault(`${path}: expected a list`)
  return value
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw new Fault(`${path}: expected a text`)
  return value
}

function time(value: unknown, path: string): number {
  const ms = Date.parse(text(value, path))
  if (Number.isNaN(ms)) throw new Fault(`${path}: expected an ISO 8601 time`)
  return ms
}
