/**
 * What `aws iam get-account-authorization-details` prints, as the IAM file's own form (identities
 * I16): a real account's permissions, to be tried on a laptop.
 */
import { accept, refuse } from '@muster/model'
import {
  each,
  fault,
  IamFileFault,
  object,
  text,
  type Fields,
  type IamFileOutcome,
} from './fields.ts'

/** Whether a document is that output. */
export function isAuthorizationDetails(document: unknown): boolean {
  return (
    typeof document === 'object' &&
    document !== null &&
    ['UserDetailList', 'GroupDetailList', 'RoleDetailList'].some((name) =>
      Object.hasOwn(document, name),
    )
  )
}

/**
 * Turns the output into the content of an IAM file. It holds no access keys: those come from a
 * file of the native form.
 *
 * Refuses with `InvalidIamFile` and the path of the first fault.
 */
export function fromAuthorizationDetails(document: unknown): IamFileOutcome<Fields> {
  try {
    const details = object(document, 'the file', [
      'UserDetailList',
      'GroupDetailList',
      'RoleDetailList',
      'Policies',
      'IsTruncated',
      'Marker',
    ])
    if (details.IsTruncated === true) {
      fault('IsTruncated', 'the output is not whole: print it without --no-paginate or --max-items')
    }
    return accept({
      users: each(details.UserDetailList, 'UserDetailList', userOf),
      groups: each(details.GroupDetailList, 'GroupDetailList', groupOf),
      roles: each(details.RoleDetailList, 'RoleDetailList', roleOf),
      policies: each(details.Policies, 'Policies', policyOf),
    })
  } catch (cause) {
    if (cause instanceof IamFileFault) return refuse('InvalidIamFile', cause.message)
    throw cause
  }
}

/**
 * Adds the access keys that a native file gives to imported users.
 *
 * Refuses with `InvalidIamFile` when it names a user that is not there.
 */
export function withAccessKeys(imported: Fields, keys: unknown): IamFileOutcome<Fields> {
  try {
    const { users, root, oidcProviders } = object(keys, 'the key file', [
      'users',
      'root',
      'oidcProviders',
    ])
    const byName = new Map<string, unknown>()
    each(users, 'users', (item, path) => {
      const { userName, accessKeys } = object(item, path, ['userName', 'accessKeys'])
      byName.set(text(userName, `${path}.userName`), accessKeys)
    })
    const known = (imported.users as readonly Fields[]).map((user) => {
      const name = String(user.userName)
      const accessKeys = byName.get(name)
      byName.delete(name)
      return accessKeys === undefined ? user : { ...user, accessKeys }
    })
    for (const name of byName.keys()) fault('users', `there is no imported user \`${name}\``)
    return accept({
      ...imported,
      users: known,
      ...(root === undefined ? {} : { root }),
      ...(oidcProviders === undefined ? {} : { oidcProviders }),
    })
  } catch (cause) {
    if (cause instanceof IamFileFault) return refuse('InvalidIamFile', cause.message)
    throw cause
  }
}

function userOf(value: unknown, path: string): Fields {
  const user = object(value, path)
  return {
    userName: user.UserName,
    userId: user.UserId,
    path: user.Path,
    tags: tags(user.Tags, `${path}.Tags`),
    policies: inline(user.UserPolicyList, `${path}.UserPolicyList`),
    managedPolicies: attached(user.AttachedManagedPolicies, `${path}.AttachedManagedPolicies`),
    groups: user.GroupList,
    permissionsBoundary: boundary(user.PermissionsBoundary, `${path}.PermissionsBoundary`),
  }
}

function groupOf(value: unknown, path: string): Fields {
  const group = object(value, path)
  return {
    groupName: group.GroupName,
    path: group.Path,
    policies: inline(group.GroupPolicyList, `${path}.GroupPolicyList`),
    managedPolicies: attached(group.AttachedManagedPolicies, `${path}.AttachedManagedPolicies`),
  }
}

function roleOf(value: unknown, path: string): Fields {
  const role = object(value, path)
  return {
    roleName: role.RoleName,
    roleId: role.RoleId,
    path: role.Path,
    tags: tags(role.Tags, `${path}.Tags`),
    trust:
      role.AssumeRolePolicyDocument === undefined
        ? undefined
        : document(role.AssumeRolePolicyDocument, `${path}.AssumeRolePolicyDocument`),
    policies: inline(role.RolePolicyList, `${path}.RolePolicyList`),
    managedPolicies: attached(role.AttachedManagedPolicies, `${path}.AttachedManagedPolicies`),
    permissionsBoundary: boundary(role.PermissionsBoundary, `${path}.PermissionsBoundary`),
  }
}

function policyOf(value: unknown, path: string): Fields {
  const policy = object(value, path)
  const versions = each(policy.PolicyVersionList, `${path}.PolicyVersionList`, (item, place) => ({
    fields: object(item, place),
    place,
  }))
  const chosen = versions.find(({ fields }) => fields.IsDefaultVersion === true)
  if (chosen === undefined) {
    return fault(`${path}.PolicyVersionList`, 'expected a version whose IsDefaultVersion is true')
  }
  return {
    policyName: policy.PolicyName,
    path: policy.Path,
    arn: policy.Arn,
    document: document(chosen.fields.Document, `${chosen.place}.Document`),
  }
}

function inline(value: unknown, path: string): readonly Fields[] {
  return each(value, path, (item, place) => {
    const { PolicyName, PolicyDocument } = object(item, place)
    return { policyName: PolicyName, document: document(PolicyDocument, `${place}.PolicyDocument`) }
  })
}

function attached(value: unknown, path: string): readonly unknown[] {
  return each(value, path, (item, place) => object(item, place).PolicyArn)
}

function boundary(value: unknown, path: string): unknown {
  return value === undefined ? undefined : object(value, path).PermissionsBoundaryArn
}

function tags(value: unknown, path: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    each(value, path, (item, place) => {
      const { Key, Value } = object(item, place)
      return [text(Key, `${place}.Key`), Value]
    }),
  )
}

/** Documents come as objects (AWS CLI) or as percent-encoded texts (the API itself). */
function document(value: unknown, path: string): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value.trimStart().startsWith('{') ? value : decodeURIComponent(value))
  } catch {
    return fault(path, 'expected a policy document, as an object or as percent-encoded JSON')
  }
}

const detailLists: Readonly<Record<string, string>> = {
  users: 'UserDetailList',
  groups: 'GroupDetailList',
  roles: 'RoleDetailList',
  policies: 'Policies',
}

/** A fault's path in the names of the output, where {@link fromAuthorizationDetails} renamed it. */
export function inDetailNames(message: string): string {
  return message.replace(
    /^(users|groups|roles|policies)(?=\[)/,
    (name) => detailLists[name] ?? name,
  )
}
