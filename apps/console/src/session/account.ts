/** Which account the session is of. */
import { useQuery } from '@tanstack/react-query'
import { useSignedIn } from './session-context.tsx'

/** The account's number, or undefined while or where it cannot be asked for. */
export function useAccountId(): string | undefined {
  const { session, keys } = useSignedIn()
  return (
    useQuery({
      queryKey: ['account'],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async () => {
        // Not the SDK's package itself: its bundle and that of a part of it would each wait for the other.
        const { callerAccount } = await import('./caller-account.ts')
        return (await callerAccount(session, await keys.current())) ?? null
      },
    }).data ?? undefined
  )
}
