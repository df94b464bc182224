/** How many things a job's targets cover, and how many of them are connected. */
import {
  GetStatisticsCommand,
  ListThingGroupsCommand,
  ListThingsInThingGroupCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'
import { connectedOf, coverageQueries, targetOf, type Target } from './targets.ts'

/** What targets cover. */
export interface Coverage {
  /** undefined for groups too large to count one by one, without the fleet index. */
  readonly things: number | undefined
  /** undefined without the fleet index. */
  readonly connected: number | undefined
  /** Whether things that several targets cover may be counted more than once. */
  readonly mayOverlap: boolean
}

/** Pages of groups' members that are counted one by one where there is no index. */
const pagesMax = 20

/** Counts what targets cover; asked again every few seconds while `isLive`. */
export function useCoverage(targets: readonly string[], isLive: boolean): UseQueryResult<Coverage> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['connectivity', 'targets', ...targets],
    enabled: targets.length > 0,
    queryFn: () => coverageOf(iot, targets.map(targetOf)),
    refetchInterval: isLive ? 5000 : false,
    staleTime: 5000,
  })
}

/** @throws what the AWS calls throw, but for an index that is off */
export async function coverageOf(
  iot: Pick<IoTClient, 'send'>,
  targets: readonly Target[],
): Promise<Coverage> {
  const things = targets.filter(({ kind }) => kind === 'thing').map(({ name }) => name)
  const top = targets.filter(({ kind }) => kind === 'thinggroup').map(({ name }) => name)
  const below = await Promise.all(top.map((name) => groupsBelow(iot, name)))
  const groups = [...new Set([...top, ...below.flat()])]
  const queries = coverageQueries(things, groups)
  try {
    const [all, connected] = await Promise.all([
      countAll(iot, queries),
      countAll(iot, queries.map(connectedOf)),
    ])
    return { things: all, connected, mayOverlap: queries.length > 1 }
  } catch (cause) {
    if (!isIndexOff(cause)) throw cause
    return { things: await countMembers(iot, things, top), connected: undefined, mayOverlap: false }
  }
}

async function groupsBelow(iot: Pick<IoTClient, 'send'>, name: string): Promise<string[]> {
  const answer = await iot.send(
    new ListThingGroupsCommand({ parentGroup: name, recursive: true, maxResults: 250 }),
  )
  return (answer.thingGroups ?? []).map(({ groupName = '' }) => groupName)
}

async function countAll(iot: Pick<IoTClient, 'send'>, queries: readonly string[]): Promise<number> {
  const answers = await Promise.all(
    queries.map((queryString) => iot.send(new GetStatisticsCommand({ queryString }))),
  )
  return answers.reduce((sum, { statistics }) => sum + (statistics?.count ?? 0), 0)
}

/** AWS answers so while the index is off or is being built. */
function isIndexOff(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return (
    cause.name === 'IndexNotReadyException' ||
    cause.name === 'ResourceNotFoundException' ||
    // A connection that is not indexed is a field that queries do not know.
    cause.name === 'InvalidQueryException'
  )
}

async function countMembers(
  iot: Pick<IoTClient, 'send'>,
  things: readonly string[],
  groups: readonly string[],
): Promise<number | undefined> {
  const names = new Set(things)
  let pages = 0
  for (const thingGroupName of groups) {
    let nextToken: string | undefined
    do {
      if (pages++ >= pagesMax) return undefined
      const page: { things?: string[] | undefined; nextToken?: string | undefined } =
        await iot.send(
          new ListThingsInThingGroupCommand({
            thingGroupName,
            recursive: true,
            maxResults: 250,
            ...(nextToken ? { nextToken } : {}),
          }),
        )
      for (const name of page.things ?? []) names.add(name)
      nextToken = page.nextToken
    } while (nextToken !== undefined)
  }
  return names.size
}
