/** Reads about thing groups that a job may target. */
import { DescribeThingGroupCommand, ListThingGroupsCommand } from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../../session/session-context.tsx'

/** Groups that are offered at a time; more are found by the beginning of their names. */
const groupsMax = 250

/** Names of groups that begin with a prefix. */
export function useGroupNames(prefix: string): UseQueryResult<readonly string[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['groups', 'names', prefix],
    queryFn: async () => {
      const answer = await iot.send(
        new ListThingGroupsCommand({
          maxResults: groupsMax,
          ...(prefix === '' ? {} : { namePrefixFilter: prefix }),
        }),
      )
      return (answer.thingGroups ?? []).map(({ groupName = '' }) => groupName)
    },
    placeholderData: (before) => before,
  })
}

/** Finds the ARNs of groups by their names. */
export function useGroupArns(): (names: readonly string[]) => Promise<string[]> {
  const { iot } = useSignedIn()
  return (names) =>
    Promise.all(
      names.map(async (thingGroupName) => {
        const group = await iot.send(new DescribeThingGroupCommand({ thingGroupName }))
        return group.thingGroupArn ?? ''
      }),
    )
}
