/**
 * The IAM file as a whole (identities I1): one JSON object, or nothing of it.
 *
 * ```json
 * {"users": [{"userName": "ops", "groups": ["admins"], "accessKeys": []}],
 *  "groups": [{"groupName": "admins", "managedPolicies": ["arn:aws:iam::aws:policy/AWSIoTFullAccess"]}]}
 * ```
 */
import { accept, refuse } from '@muster/model'
import { trustReferences } from '../trust/trust-policy.ts'
import { fault, IamFileFault, object, each, type IamFileOutcome } from './fields.ts'
import type { IamAccount, LongTermKey } from './iam-account.ts'
import { readManagedPolicies } from './managed-policies.ts'
import { readOidcProviders, type ReadKeySet } from './oidc-providers.ts'
import { readRoles } from './read-roles.ts'
import { readAccessKey, readGroups, readUsers } from './read-users.ts'

/** What a file is read with. */
export interface IamFileScope {
  /** Twelve decimal digits. */
  readonly accountId: string
  readonly readKeySet: ReadKeySet
}

/**
 * Reads the file's content.
 *
 * Refuses with `InvalidIamFile` and the path of the first fault.
 */
export function readIamAccount(document: unknown, scope: IamFileScope): IamFileOutcome<IamAccount> {
  try {
    return accept(accountOf(document, scope))
  } catch (cause) {
    if (cause instanceof IamFileFault) return refuse('InvalidIamFile', cause.message)
    throw cause
  }
}

const members = ['root', 'users', 'groups', 'roles', 'policies', 'oidcProviders']

function accountOf(document: unknown, { accountId, readKeySet }: IamFileScope): IamAccount {
  const file = object(document, 'the file', members)
  const warnings: string[] = []
  const policies = readManagedPolicies(file.policies, 'policies', accountId)
  const scope = { accountId, policies, warn: (warning: string) => void warnings.push(warning) }
  const groups = readGroups(file.groups, 'groups', scope)
  const account: IamAccount = {
    accountId,
    rootKeys: file.root === undefined ? [] : rootKeys(file.root),
    users: readUsers(file.users, 'users', groups, scope),
    roles: readRoles(file.roles, 'roles', scope),
    policies,
    oidcProviders: readOidcProviders(file.oidcProviders, 'oidcProviders', accountId, readKeySet),
    warnings,
  }
  distinctKeys(account)
  checkTrust(account)
  return account
}

function rootKeys(value: unknown): readonly LongTermKey[] {
  const { accessKeys } = object(value, 'root', ['accessKeys'])
  return each(accessKeys, 'root.accessKeys', readAccessKey)
}

function distinctKeys({ rootKeys: ofRoot, users }: IamAccount): void {
  const seen = new Set<string>()
  const owners = [{ path: 'root', keys: ofRoot }]
  for (const [index, { accessKeys }] of [...users.values()].entries()) {
    owners.push({ path: `users[${index}]`, keys: accessKeys })
  }
  for (const { path, keys } of owners) {
    for (const [index, { accessKeyId }] of keys.entries()) {
      if (seen.has(accessKeyId)) {
        fault(`${path}.accessKeys[${index}].accessKeyId`, `\`${accessKeyId}\` stands twice`)
      }
      seen.add(accessKeyId)
    }
  }
}

/** A trusted user, role or provider of this account has to exist (identities I12). */
function checkTrust({ accountId, roles, users, oidcProviders }: IamAccount): void {
  const known = new Set([
    ...[...users.values()].map(({ arn }) => arn),
    ...[...roles.values()].map(({ arn }) => arn),
    ...[...oidcProviders.values()].map(({ arn }) => arn),
  ])
  for (const [index, { trust }] of [...roles.values()].entries()) {
    for (const arn of trust === undefined ? [] : trustReferences(trust)) {
      if (arn.startsWith(`arn:aws:iam::${accountId}:`) && !known.has(arn)) {
        const type = arn.includes(':oidc-provider/') ? 'Federated' : 'AWS'
        fault(`roles[${index}].trust`, `Invalid principal in policy: "${type}":"${arn}"`)
      }
    }
  }
}
