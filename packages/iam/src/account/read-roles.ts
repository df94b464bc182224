/** Roles of an IAM file (identities I4). */
import { readTrustPolicy } from '../trust/trust-policy.ts'
import { documentCharacters, documentCharactersMax, inlinePolicies } from './documents.ts'
import { DistinctNames, each, fault, nameOf, object, pathOf, tagsOf } from './fields.ts'
import type { IamRole } from './iam-account.ts'
import { managedPoliciesOf } from './managed-policies.ts'
import { boundaryOf, uniqueIdOf, type EntityScope } from './read-users.ts'

const roleMembers = [
  'roleName',
  'roleId',
  'path',
  'trust',
  'policies',
  'managedPolicies',
  'permissionsBoundary',
  'maxSessionDuration',
  'tags',
]

/** What a role's `maxSessionDuration` may be, seconds. */
const maxSessionSecondsRange = { min: 3600, max: 43_200 } as const

/** Reads `roles[]`, by name. */
export function readRoles(
  value: unknown,
  path: string,
  scope: EntityScope,
): ReadonlyMap<string, IamRole> {
  const roles = new Map<string, IamRole>()
  const names = new DistinctNames()
  each(value, path, (item, place) => {
    const fields = object(item, place, roleMembers)
    const roleName = nameOf(fields.roleName, `${place}.roleName`, 64)
    names.add(roleName, `${place}.roleName`)
    const rolePath = pathOf(fields.path, `${place}.path`)
    const arn = `arn:aws:iam::${scope.accountId}:role${rolePath}${roleName}`
    roles.set(roleName, {
      roleName,
      path: rolePath,
      arn,
      uniqueId: uniqueIdOf(fields.roleId, `${place}.roleId`, 'AROA', arn),
      tags: tagsOf(fields.tags, `${place}.tags`),
      trust:
        fields.trust === undefined ? undefined : trustOf(fields.trust, `${place}.trust`, scope),
      policies: [
        ...new Set([
          ...inlinePolicies(fields.policies, `${place}.policies`, documentCharactersMax.role),
          ...managedPoliciesOf(
            scope.policies,
            fields.managedPolicies,
            `${place}.managedPolicies`,
            scope.warn,
          ),
        ]),
      ],
      boundary: boundaryOf(fields.permissionsBoundary, `${place}.permissionsBoundary`, scope),
      maxSessionSeconds: maxSessionSeconds(fields.maxSessionDuration, place),
    })
  })
  return roles
}

function trustOf(value: unknown, path: string, { warn }: EntityScope): IamRole['trust'] {
  const characters = documentCharacters(value)
  if (characters > documentCharactersMax.trustRaised) {
    fault(
      path,
      `expected at most ${documentCharactersMax.trustRaised} characters, found ${characters}`,
    )
  }
  if (characters > documentCharactersMax.trust) {
    warn(
      `${path}: ${characters} characters; AWS allows ${documentCharactersMax.trust} unless the quota is raised`,
    )
  }
  return readTrustPolicy(value, path)
}

function maxSessionSeconds(value: unknown, path: string): number {
  const { min, max } = maxSessionSecondsRange
  if (value === undefined) return min
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
    return value
  }
  return fault(`${path}.maxSessionDuration`, `expected a whole number from ${min} to ${max}`)
}
