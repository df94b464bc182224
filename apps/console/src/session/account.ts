/** Which account the session is of. */
import { useQuery } from '@tanstack/react-query'
import { useSignedIn } from './session-context.tsx'
import { isAwsEndpoint } from './session.ts'

/** The account's number, or undefined while or where it cannot be asked for. */
export function useAccountId(): string | undefined {
  const { session } = useSignedIn()
  return (
    useQuery({
      queryKey: ['account'],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async () => {
        const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
        const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = session
        const sts = new STSClient({
          region,
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          },
          ...(isAwsEndpoint(session) ? {} : { endpoint }),
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
