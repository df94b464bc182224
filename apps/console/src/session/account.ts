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
        const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
        const { stsEndpoint } = await import('./assume-role.ts')
        const sts = new STSClient({
          endpoint: stsEndpoint(session),
          region: session.region,
          credentials: await keys.current(),
        })
        try {
          return (await sts.send(new GetCallerIdentityCommand())).Account ?? null
        } finally {
          sts.destroy()
        }
      },
    }).data ?? undefined
  )
}
