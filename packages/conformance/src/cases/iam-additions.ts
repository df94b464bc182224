/**
 * What the runner adds to a case's IAM file: its own operator, keys of users, login providers.
 */
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../scenario-format.ts'
import type { RoleSetup } from './case-format.ts'

/** A key pair, with a session token when it is temporary. */
export interface CaseKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The full-rights operator. */
export const RUNNER_KEY: CaseKey = { accessKeyId: 'test', secretAccessKey: 'test' }
const ALLOW_ALL: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

/** The key that the runner gives a user or `root`. */
export function keyOf(name: string): CaseKey {
  const digest = createHash('sha256').update(name).digest()
  const letters = [...digest.subarray(0, 16)].map((byte) => KEY_LETTERS[byte % 32]).join('')
  return { accessKeyId: `AKIA${letters}`, secretAccessKey: digest.toString('base64').slice(0, 40) }
}

const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The file as the server gets it; what is faulty in it stays so. */
export function withAdditions(
  iam: JsonObject,
  roles: readonly RoleSetup[],
  providers: readonly JsonObject[],
): JsonObject {
  const runner: JsonObject = {
    userName: 'runner',
    managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    accessKeys: [keyJson(RUNNER_KEY)],
  }
  const added: JsonObject[] = roles.map(({ roleName, policy = ALLOW_ALL, maxSessionDuration }) => ({
    roleName,
    policies: [policy],
    ...(maxSessionDuration !== undefined && { maxSessionDuration }),
  }))
  const { root } = iam
  return {
    ...iam,
    ...(isObject(root) && { root: { accessKeys: [keyJson(keyOf('root'))], ...root } }),
    users: joined(listed(iam['users'])?.map(withKey) ?? iam['users'], [runner]),
    ...(added.length > 0 && { roles: joined(iam['roles'], added) }),
    ...(providers.length > 0 && { oidcProviders: joined(iam['oidcProviders'], providers) }),
  }
}

/** The first key of a user, in the file or given by the runner. */
export function userKey(iam: JsonObject | undefined, userName: string): CaseKey {
  const user = listed(iam?.['users'])?.find(
    (one) => isObject(one) && one['userName'] === userName,
  ) as { accessKeys?: readonly CaseKey[] } | undefined
  return user?.accessKeys?.[0] ?? keyOf(userName)
}

function withKey(user: Json): Json {
  if (!isObject(user) || user['accessKeys'] !== undefined) return user
  return { ...user, accessKeys: [keyJson(keyOf(String(user['userName'])))] }
}

function keyJson({ accessKeyId, secretAccessKey }: CaseKey): JsonObject {
  return { accessKeyId, secretAccessKey }
}

/** The list with more at its end; what is no list stays as it is. */
function joined(list: Json | undefined, more: readonly Json[]): Json {
  if (list === undefined) return more
  return Array.isArray(list) ? [...(list as readonly Json[]), ...more] : list
}

function listed(value: Json | undefined): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
