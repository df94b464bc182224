/** The account of the session, as ARNs name it. */
import type { ArnAccount } from '../aws/arn.ts'
import { useAccountId } from './account.ts'
import { useSignedIn } from './session-context.tsx'

/** Partition and region of the session; the account's number once it is known. */
export function useArnAccount(): ArnAccount | undefined {
  const { session } = useSignedIn()
  const accountId = useAccountId()
  if (accountId === undefined) return undefined
  const { region } = session
  return { partition: partitionOf(region), region, accountId }
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
