/** Reads about groups. */
import {
  DescribeThingGroupCommand,
  ListAttachedPoliciesCommand,
  ListJobsCommand,
  ListThingGroupsCommand,
  ListThingsInThingGroupCommand,
  type DescribeThingGroupResponse,
  type IoTClient,
  type JobSummary,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'
import { useServerPages, type PagedList, type ServerPage } from '../ui/server-pages.ts'

const pageSize = 25
const buildingRefreshMs = 1500
const refreshMs = 10_000

/** Whether a dynamic group still judges the fleet. */
export function isBuilding({ status }: Pick<DescribeThingGroupResponse, 'status'>): boolean {
  return status === 'BUILDING' || status === 'REBUILDING'
}

/** One group; a dynamic one that is being built is read again sooner. */
export function useGroup(groupName: string): UseQueryResult<DescribeThingGroupResponse> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['groups', 'description', groupName],
    queryFn: () => iot.send(new DescribeThingGroupCommand({ thingGroupName: groupName })),
    refetchInterval: ({ state }) =>
      state.data && isBuilding(state.data) ? buildingRefreshMs : refreshMs,
  })
}

/** Groups without a parent; with a prefix, all whose names begin so. */
export function useTopGroups(namePrefixFilter: string, page: number): PagedList<string> {
  const { iot } = useSignedIn()
  return useServerPages<string>({
    queryKey: ['groups', 'top', namePrefixFilter],
    page,
    refetchInterval: refreshMs,
    read: (nextToken) =>
      listedGroups(iot, {
        ...(namePrefixFilter === '' ? { recursive: false } : { namePrefixFilter, recursive: true }),
        nextToken,
      }),
  })
}

/** The groups right below one, by pages. */
export function useChildGroups(parentGroup: string, page: number): PagedList<string> {
  const { iot } = useSignedIn()
  return useServerPages<string>({
    queryKey: ['groups', 'below', parentGroup],
    page,
    refetchInterval: refreshMs,
    read: (nextToken) => listedGroups(iot, { parentGroup, recursive: false, nextToken }),
  })
}

interface Listed {
  readonly parentGroup?: string
  readonly namePrefixFilter?: string
  readonly recursive: boolean
  readonly nextToken?: string | undefined
  readonly maxResults?: number
}

/** Names of groups, one page. */
export async function listedGroups(
  iot: IoTClient,
  { nextToken, maxResults = pageSize, ...which }: Listed,
): Promise<ServerPage<string>> {
  const answer = await iot.send(
    new ListThingGroupsCommand({
      ...which,
      maxResults,
      ...(nextToken === undefined ? {} : { nextToken }),
    }),
  )
  return {
    items: (answer.thingGroups ?? []).map(({ groupName }) => groupName ?? ''),
    nextToken: answer.nextToken,
  }
}

/** Names of a group's things, by pages. */
export function useMembers(
  thingGroupName: string,
  recursive: boolean,
  page: number,
): PagedList<string> {
  const { iot } = useSignedIn()
  return useServerPages<string>({
    queryKey: ['groups', 'members', thingGroupName, recursive],
    page,
    refetchInterval: refreshMs,
    read: async (nextToken) => {
      const answer = await iot.send(
        new ListThingsInThingGroupCommand({
          thingGroupName,
          recursive,
          maxResults: pageSize,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      )
      return { items: answer.things ?? [], nextToken: answer.nextToken }
    },
  })
}

/** Jobs whose target a group is, by pages. */
export function useJobsOfGroup(thingGroupName: string, page: number): PagedList<JobSummary> {
  const { iot } = useSignedIn()
  return useServerPages<JobSummary>({
    // Begins as the list of jobs does, so that events refresh it.
    queryKey: ['jobs', 'of-group', thingGroupName],
    page,
    refetchInterval: refreshMs,
    read: async (nextToken) => {
      const answer = await iot.send(
        new ListJobsCommand({
          thingGroupName,
          maxResults: pageSize,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      )
      return { items: answer.jobs ?? [], nextToken: answer.nextToken }
    },
  })
}

/** Names of the policies attached to a group. */
export function usePoliciesOfGroup(
  groupArn: string | undefined,
): UseQueryResult<readonly string[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['groups', 'policies', groupArn],
    enabled: groupArn !== undefined,
    queryFn: async () => {
      const answer = await iot.send(
        new ListAttachedPoliciesCommand({ target: groupArn, pageSize: 100 }),
      )
      return (answer.policies ?? []).map(({ policyName }) => policyName ?? '')
    },
  })
}
