/** Users and groups of an IAM file (identities I2, I3). */
import type { NamedPolicy } from '@muster/policy'
import { documentCharactersMax, identityDocument, inlinePolicies } from './documents.ts'
import {
  DistinctNames,
  each,
  fault,
  list,
  matching,
  nameOf,
  object,
  pathOf,
  tagsOf,
  text,
  texts,
} from './fields.ts'
import type { IamUser, LongTermKey, StaticSession } from './iam-account.ts'
import { managedPoliciesOf, managedPolicy } from './managed-policies.ts'
import { uniqueId } from './unique-id.ts'

/** What entities of a file are read against. */
export interface EntityScope {
  readonly accountId: string
  readonly policies: ReadonlyMap<string, NamedPolicy>
  readonly warn: (warning: string) => void
}

/** Policies by group name, in the file's order. */
export type Groups = ReadonlyMap<string, readonly NamedPolicy[]>

/** Groups a user may be in (identities I3). */
const groupsMax = 10

/** Reads `groups[]`. */
export function readGroups(value: unknown, path: string, scope: EntityScope): Groups {
  const groups = new Map<string, readonly NamedPolicy[]>()
  const names = new DistinctNames()
  each(value, path, (item, place) => {
    const fields = object(item, place, ['groupName', 'path', 'policies', 'managedPolicies'])
    const groupName = nameOf(fields.groupName, `${place}.groupName`, 128)
    names.add(groupName, `${place}.groupName`)
    pathOf(fields.path, `${place}.path`)
    groups.set(groupName, [
      ...inlinePolicies(fields.policies, `${place}.policies`, documentCharactersMax.group),
      ...managedPoliciesOf(
        scope.policies,
        fields.managedPolicies,
        `${place}.managedPolicies`,
        scope.warn,
      ),
    ])
  })
  return groups
}

const userMembers = [
  'userName',
  'userId',
  'path',
  'tags',
  'policies',
  'managedPolicies',
  'groups',
  'permissionsBoundary',
  'accessKeys',
]

/** Reads `users[]`, by name. */
export function readUsers(
  value: unknown,
  path: string,
  groups: Groups,
  scope: EntityScope,
): ReadonlyMap<string, IamUser> {
  const users = new Map<string, IamUser>()
  const names = new DistinctNames()
  each(value, path, (item, place) => {
    const fields = object(item, place, userMembers)
    const userName = nameOf(fields.userName, `${place}.userName`, 64)
    names.add(userName, `${place}.userName`)
    const userPath = pathOf(fields.path, `${place}.path`)
    const arn = `arn:aws:iam::${scope.accountId}:user${userPath}${userName}`
    const groupNames = texts(fields.groups, `${place}.groups`)
    if (groupNames.length > groupsMax) {
      fault(`${place}.groups`, `expected at most ${groupsMax} groups, found ${groupNames.length}`)
    }
    const policies = [
      ...inlinePolicies(fields.policies, `${place}.policies`, documentCharactersMax.user),
      ...managedPoliciesOf(
        scope.policies,
        fields.managedPolicies,
        `${place}.managedPolicies`,
        scope.warn,
      ),
      ...groupNames.flatMap((name, index) => {
        const group = groups.get(name)
        return group ?? fault(`${place}.groups[${index}]`, `there is no group \`${name}\``)
      }),
    ]
    users.set(userName, {
      userName,
      path: userPath,
      arn,
      uniqueId: uniqueIdOf(fields.userId, `${place}.userId`, 'AIDA', arn),
      tags: tagsOf(fields.tags, `${place}.tags`),
      groupNames,
      policies: [...new Set(policies)],
      boundary: boundaryOf(fields.permissionsBoundary, `${place}.permissionsBoundary`, scope),
      accessKeys: each(fields.accessKeys, `${place}.accessKeys`, readAccessKey),
    })
  })
  return users
}

/** A stated unique id, or the derived one (identities I9). */
export function uniqueIdOf(
  value: unknown,
  path: string,
  prefix: 'AIDA' | 'AROA',
  arn: string,
): string {
  if (value === undefined) return uniqueId(prefix, arn)
  return matching(
    value,
    path,
    new RegExp(`^${prefix}[A-Z0-9]{12,124}$`),
    `a unique id that begins with ${prefix}`,
  )
}

/** `permissionsBoundary`: an ARN that is declared or built in. */
export function boundaryOf(
  value: unknown,
  path: string,
  { policies }: EntityScope,
): NamedPolicy | undefined {
  return value === undefined ? undefined : managedPolicy(policies, value, path)
}

/** Reads one of `accessKeys[]`, temporary ones of the file's own included. */
export function readAccessKey(value: unknown, path: string): LongTermKey {
  const fields = object(value, path, [
    'accessKeyId',
    'secretAccessKey',
    'sessionToken',
    'expiration',
    'sessionPolicies',
  ])
  const accessKeyId = matching(
    fields.accessKeyId,
    `${path}.accessKeyId`,
    /^\w{1,128}$/,
    '1 to 128 characters of [A-Za-z0-9_]',
  )
  return {
    accessKeyId,
    secretAccessKey: text(fields.secretAccessKey, `${path}.secretAccessKey`),
    session: staticSession(fields, path),
  }
}

function staticSession(fields: ReturnType<typeof object>, path: string): StaticSession | undefined {
  if (fields.sessionToken === undefined) {
    if (fields.expiration !== undefined || fields.sessionPolicies !== undefined) {
      fault(path, '`expiration` and `sessionPolicies` need a `sessionToken`')
    }
    return undefined
  }
  return {
    sessionToken: text(fields.sessionToken, `${path}.sessionToken`),
    expiresAtMs:
      fields.expiration === undefined ? undefined : timeMs(fields.expiration, `${path}.expiration`),
    policies:
      fields.sessionPolicies === undefined
        ? undefined
        : list(fields.sessionPolicies, `${path}.sessionPolicies`).map((document, index) =>
            identityDocument(document, `${path}.sessionPolicies[${index}]`, `session-${index}`),
          ),
  }
}

function timeMs(value: unknown, path: string): number {
  const ms = Date.parse(text(value, path))
  return Number.isNaN(ms) ? fault(path, 'expected an ISO 8601 time') : ms
}
