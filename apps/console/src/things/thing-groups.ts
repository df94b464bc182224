/** The groups that a thing is in. */
import {
  DescribeThingGroupCommand,
  ListThingGroupsForThingCommand,
  type ListThingGroupsForThingResponse,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

/** A group of a thing. */
export interface GroupOfThing {
  readonly groupName: string
  readonly isDynamic: boolean
  /** Of a dynamic group. */
  readonly queryString: string | undefined
  readonly description: string | undefined
}

/** Static and dynamic groups that hold the thing itself, by name. */
export function useGroupsOfThing(thingName: string): UseQueryResult<readonly GroupOfThing[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['thing', thingName, 'groups'],
    queryFn: async () => {
      const names: string[] = []
      let nextToken: string | undefined
      do {
        const answer: ListThingGroupsForThingResponse = await iot.send(
          new ListThingGroupsForThingCommand({
            thingName,
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        )
        names.push(...(answer.thingGroups ?? []).map(({ groupName }) => groupName ?? ''))
        nextToken = answer.nextToken
      } while (nextToken !== undefined)
      return Promise.all(
        names.map(async (groupName): Promise<GroupOfThing> => {
          const group = await iot.send(new DescribeThingGroupCommand({ thingGroupName: groupName }))
          return {
            groupName,
            isDynamic: group.queryString !== undefined,
            queryString: group.queryString,
            description: group.thingGroupProperties?.thingGroupDescription,
          }
        }),
      )
    },
    refetchInterval: 10_000,
  })
}
