/** Audits the roles that identity pools give out: of files, of a server here, or of AWS. */
import type { AuditedPool } from '@muster/server/pool-roles-audit'
import type { AuditedDocument } from '@muster/policy'
import { askAdmin } from '../flags/admin-request.ts'
import { isElsewhere } from '../flags/elsewhere.ts'
import { liveEndpoint } from '../flags/live-endpoint.ts'
import { targetedFlags } from '../flags/local-server.ts'
import type { AuditFlags } from './policy-commands.ts'

/**
 * Roles of the pools in `--identity-pools`, by the documents in `--iam`.
 *
 * @throws Error when one of the two is missing or has a fault
 */
export async function auditedPoolFiles(flags: AuditFlags): Promise<readonly AuditedDocument[]> {
  const { iam, identityPools } = flags
  if (identityPools === undefined) return []
  if (iam === undefined) {
    throw new Error('--identity-pools needs the roles: give --iam FILE')
  }
  const { auditPoolRoles, readIamFiles, readIdentityPools } =
    await import('@muster/server/pool-roles-audit')
  const { account: iamAccount } = readIamFiles(iam, flags.accountId)
  const account = { region: targetedFlags(flags).region, accountId: flags.accountId }
  const pools = readIdentityPools(identityPools, { account, iam: iamAccount })
  return auditPoolRoles(
    pools.map(({ roles }) => roles),
    iamAccount,
  )
}

/**
 * Roles of the pools of a running server. One on this machine knows the documents itself; of AWS they
 * come with `--iam`, which takes what `aws iam get-account-authorization-details` prints.
 */
export async function auditedLivePools(flags: AuditFlags): Promise<readonly AuditedDocument[]> {
  if (!isElsewhere(flags)) {
    const response = await askAdmin(flags, { path: 'pool-roles/audit' })
    const { documents } = (await response.json()) as { documents: readonly AuditedDocument[] }
    return documents
  }
  const { livePools } = await import('./live-policies.ts')
  const pools: AuditedPool[] = []
  for await (const pool of livePools(liveEndpoint(flags))) pools.push(pool)
  if (pools.length === 0) return []
  if (flags.iam === undefined) {
    process.stderr.write(
      `the roles of ${pools.length} identity pools are not audited: give --iam FILE, ` +
        'for example what `aws iam get-account-authorization-details` prints\n',
    )
    return []
  }
  const { auditPoolRoles, readIamFiles } = await import('@muster/server/pool-roles-audit')
  return auditPoolRoles(pools, readIamFiles(flags.iam, flags.accountId).account)
}
