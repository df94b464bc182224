/**
 * The accounts that policies speak about.
 */
import type { CompiledPolicy } from '../compile/compiled-policy.ts'
import type { ProvenAccount } from './policy-pattern.ts'

/** Where policies without a literal account are asked. */
export const usualAccount: ProvenAccount = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
}

/**
 * Accounts and regions that stand in the policies' resources, those named most often first; never
 * empty.
 */
export function accountsIn(policies: readonly CompiledPolicy[]): readonly ProvenAccount[] {
  const counts = new Map<string, { readonly account: ProvenAccount; count: number }>()
  for (const { header } of policies.flatMap(({ statements }) =>
    statements.flatMap(({ resources }) => resources),
  )) {
    const [, partition, service, region, accountId] = header
    if (typeof service === 'string' && service !== 'iot') continue
    const account = {
      partition: literalOr(partition, usualAccount.partition),
      region: literalOr(region, usualAccount.region),
      accountId: literalOr(accountId, usualAccount.accountId),
    }
    const name = Object.values(account).join(':')
    const known = counts.get(name)
    if (known === undefined) counts.set(name, { account, count: 1 })
    else known.count += 1
  }
  const found = [...counts.values()].sort((left, right) => right.count - left.count)
  return found.length === 0 ? [usualAccount] : found.map(({ account }) => account)
}

function literalOr(segment: unknown, usual: string): string {
  return typeof segment === 'string' && segment !== '' ? segment : usual
}
