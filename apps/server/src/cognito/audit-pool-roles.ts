/**
 * Device Defender's checks of the roles that identity pools give out (authz L10, L11): what one
 * allows, everybody with the app may do.
 */
import { rolesOf, type PoolRoles } from '@muster/cognito'
import { roleByArn, type IamAccount } from '@muster/iam'
import { auditPolicy, type AuditedDocument, type AuditSubject, type Finding } from '@muster/policy'

// Who audits files reads them as the server does.
export { readIamFiles } from '../authentication/iam-file.ts'
export { readIdentityPools } from './identity-pools-file.ts'

/** Which roles a pool gives to whom, as GetIdentityPoolRoles tells. */
export type AuditedPool = Pick<PoolRoles, 'Roles' | 'RoleMappings'>

/**
 * Audits every policy of every role of the pools: once for each kind of identity that gets it.
 *
 * @returns one document a policy; a role that is not there is a finding of its own
 */
export function auditPoolRoles(
  pools: readonly AuditedPool[],
  iam: Pick<IamAccount, 'roles'>,
): readonly AuditedDocument[] {
  return [
    ...auditRoles(guestRoles(pools), 'cognitoUnauthenticated', iam),
    ...auditRoles(userRoles(pools), 'cognitoAuthenticated', iam),
  ]
}

function guestRoles(pools: readonly AuditedPool[]): ReadonlySet<string> {
  const roles = pools.map(({ Roles }) => Roles['unauthenticated'])
  return new Set(roles.filter((arn) => arn !== undefined))
}

/** Roles of mappings are for those who logged in, too. */
function userRoles(pools: readonly AuditedPool[]): ReadonlySet<string> {
  return new Set(
    pools.flatMap(({ Roles: { authenticated }, RoleMappings }) =>
      rolesOf({ Roles: authenticated === undefined ? {} : { authenticated }, RoleMappings }),
    ),
  )
}

function auditRoles(
  arns: ReadonlySet<string>,
  subject: AuditSubject,
  iam: Pick<IamAccount, 'roles'>,
): readonly AuditedDocument[] {
  return [...arns].flatMap((arn): readonly AuditedDocument[] => {
    const role = roleByArn(iam, arn)
    if (role === undefined) return [{ uri: arn, findings: [missingRole(arn)] }]
    return role.policies.map(({ policyName, compiled }) => ({
      uri: `${arn}#${policyName}`,
      findings: auditPolicy(compiled.document, subject),
    }))
  })
}

function missingRole(arn: string): Finding {
  return {
    code: 'ROLE_NOT_FOUND',
    check: undefined,
    level: 'warning',
    message: `an identity pool gives out ${arn}, which is not there: its identities get no credentials`,
    statement: undefined,
    position: { line: 1, column: 1 },
  }
}
