/** Pools that a file declares: there at the start, and pools like any other from then on. */
import { roleByArn, type IamAccount } from '@muster/iam'
import { accept, type Account } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import type { CognitoState } from '../cognito-state.ts'
import type { IdentityPoolMembers, PoolRoles } from './identity-pool.ts'
import { providerFault } from './pool-operations.ts'
import { rolesFault, rolesOf } from './pool-roles.ts'

/** One declared pool. */
export interface DeclaredPool {
  /** `REGION:UUID`, stated or derived: the same at every start. */
  readonly identityPoolId: string
  readonly members: IdentityPoolMembers
  readonly roles: PoolRoles
}

/**
 * Refuses what the operations would refuse, and roles that do not exist: whoever writes a file has
 * the roles at hand, so a missing one is misspelt.
 */
export function checkDeclaredPool(
  { members, roles }: DeclaredPool,
  account: Account,
  iam: IamAccount,
): CognitoOutcome<undefined> {
  const fault = providerFault(iam, members) ?? rolesFault(account, roles)
  if (fault !== undefined) return fault
  const missing = rolesOf(roles).find((arn) => roleByArn(iam, arn) === undefined)
  return missing === undefined
    ? accept(undefined)
    : refused('InvalidParameterException', `Role '${missing}' is not declared.`)
}

/**
 * Makes the declared pools. One that is there by the same declaration stays as it is, changes by the
 * API included; an edited declaration replaces it. Identities stay in either case.
 */
export function declarePools({ pools }: CognitoState, declared: readonly DeclaredPool[]): void {
  for (const declaration of declared) {
    const { identityPoolId, members, roles } = declaration
    const declaredAs = JSON.stringify({ members, roles })
    const existing = pools.get(identityPoolId)
    if (existing?.declaredAs === declaredAs) continue
    const sequence = existing?.sequence ?? pools.nextSequence()
    pools.put({ identityPoolId, members, roles, sequence, declaredAs })
  }
}
