/** Reads about things. */
import {
  DescribeThingCommand,
  ListThingTypesCommand,
  ListThingsCommand,
  ResourceNotFoundException,
  SearchIndexCommand,
  type DescribeThingResponse,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Presence } from '../live/presence.ts'
import { useSignedIn } from '../session/session-context.tsx'
import type { FilterQuery } from '../ui/filter-link.ts'
import { useServerPages, type PagedList, type ServerPage } from '../ui/server-pages.ts'
import { rowOfDocument, rowOfListed, type ThingRow } from './thing-row.ts'

/** Registering and editing tell no event. */
const refreshMs = 10_000
/** Things on one page of a list. */
export const thingsPageSize = 25

/** What a list of things shows: what a query of the index finds, or what the registry lists. */
export type ThingsWanted =
  | { readonly from: 'index'; readonly query: string }
  | { readonly from: 'registry'; readonly filter: FilterQuery }

/**
 * Things by pages; connects and disconnects refresh what the index told.
 *
 * @param wanted - undefined while it is not known how to ask
 */
export function useThings(wanted: ThingsWanted | undefined, page: number): PagedList<ThingRow> {
  const { iot, presence } = useSignedIn()
  return useServerPages<ThingRow>({
    queryKey: ['connectivity', 'things', wanted],
    page,
    refetchInterval: refreshMs,
    enabled: wanted !== undefined,
    read: async (nextToken) => {
      if (wanted?.from === 'index') return searched(iot, wanted.query, nextToken)
      return listed(iot, presence, wanted?.filter.tokens[0], nextToken)
    },
  })
}

async function searched(
  iot: IoTClient,
  queryString: string,
  nextToken: string | undefined,
): Promise<ServerPage<ThingRow>> {
  const answer = await iot.send(
    new SearchIndexCommand({
      queryString,
      maxResults: thingsPageSize,
      ...(nextToken === undefined ? {} : { nextToken }),
    }),
  )
  return { items: (answer.things ?? []).map(rowOfDocument), nextToken: answer.nextToken }
}

/** ListThings takes one type or one attribute; a name is described. */
async function listed(
  iot: IoTClient,
  presence: Presence,
  token: FilterQuery['tokens'][number] | undefined,
  nextToken: string | undefined,
): Promise<ServerPage<ThingRow>> {
  const value = String(token?.value ?? '')
  if (token?.propertyKey === 'thingName') {
    const thing = await found(iot, value)
    const items = thing ? [rowOfListed(thing, presence.isConnected(value))] : []
    return { items, nextToken: undefined }
  }
  const [, attributeName] = token?.propertyKey?.split('attributes.') ?? []
  const answer = await iot.send(
    new ListThingsCommand({
      maxResults: thingsPageSize,
      ...(token?.propertyKey === 'thingTypeName' ? { thingTypeName: value } : {}),
      ...(attributeName === undefined ? {} : { attributeName, attributeValue: value }),
      ...(nextToken === undefined ? {} : { nextToken }),
    }),
  )
  const items = (answer.things ?? []).map((thing) =>
    rowOfListed(thing, presence.isConnected(thing.thingName ?? '')),
  )
  return { items, nextToken: answer.nextToken }
}

async function found(
  iot: IoTClient,
  thingName: string,
): Promise<DescribeThingResponse | undefined> {
  try {
    return await iot.send(new DescribeThingCommand({ thingName }))
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException) return undefined
    throw cause
  }
}

/** One thing. */
export function useThing(thingName: string): UseQueryResult<DescribeThingResponse> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['thing', thingName, 'description'],
    queryFn: () => iot.send(new DescribeThingCommand({ thingName })),
  })
}

/** Names of the account's thing types that things may still be given; at most 250 of them. */
export function useThingTypes(): UseQueryResult<readonly string[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['thing-types'],
    queryFn: async () => {
      const answer = await iot.send(new ListThingTypesCommand({ maxResults: 250 }))
      return (answer.thingTypes ?? [])
        .filter(({ thingTypeMetadata }) => thingTypeMetadata?.deprecated !== true)
        .map(({ thingTypeName }) => thingTypeName ?? '')
    },
    staleTime: 30_000,
  })
}
