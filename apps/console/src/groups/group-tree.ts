/** The tree of groups as far as it is open; pure but for its reads. */
import { DescribeThingGroupCommand, type IoTClient } from '@aws-sdk/client-iot'
import { useQueries } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'
import { listedGroups } from './group-queries.ts'

/** Child groups of one group that the tree shows; the group's page shows all. */
export const childrenShownMax = 100

/** What the tree knows of a group. */
export interface GroupNode {
  readonly groupName: string
  /** undefined until it is read. */
  readonly about: GroupAbout | undefined
  /** undefined until they are read, for a group that is open. */
  readonly children: readonly GroupNode[] | undefined
  /** Whether there are more than are shown. */
  readonly hasMore: boolean
}

/** A row's facts. */
export interface GroupAbout {
  readonly isDynamic: boolean
  readonly status: string | undefined
  readonly queryString: string | undefined
  readonly description: string | undefined
  readonly hasChildren: boolean
}

/** The children of a group, read. */
export interface Children {
  readonly names: readonly string[]
  readonly hasMore: boolean
}

/** Reads what is below the open groups, and about every group that is shown. */
export function useGroupTree(
  topNames: readonly string[],
  openNames: readonly string[],
): readonly GroupNode[] {
  const { iot } = useSignedIn()
  const children = useQueries({
    queries: openNames.map((parentGroup) => ({
      queryKey: ['groups', 'children', parentGroup],
      queryFn: () => readChildren(iot, parentGroup),
    })),
    combine: (answers) =>
      new Map(openNames.map((groupName, index) => [groupName, answers[index]?.data])),
  })
  const shown = shownNames(topNames, children)
  const about = useQueries({
    queries: shown.map((groupName) => ({
      queryKey: ['groups', 'about', groupName],
      queryFn: () => readAbout(iot, groupName),
      refetchInterval: 10_000,
    })),
    combine: (answers) =>
      new Map(shown.map((groupName, index) => [groupName, answers[index]?.data])),
  })
  return treeOf(topNames, children, about)
}

async function readChildren(iot: IoTClient, parentGroup: string): Promise<Children> {
  const { items, nextToken } = await listedGroups(iot, {
    parentGroup,
    recursive: false,
    maxResults: childrenShownMax,
  })
  return { names: items, hasMore: nextToken !== undefined }
}

async function readAbout(iot: IoTClient, groupName: string): Promise<GroupAbout> {
  const group = await iot.send(new DescribeThingGroupCommand({ thingGroupName: groupName }))
  const isDynamic = group.queryString !== undefined
  // A dynamic group can have none.
  const below = isDynamic
    ? { items: [] }
    : await listedGroups(iot, { parentGroup: groupName, recursive: false, maxResults: 1 })
  return {
    isDynamic,
    status: group.status,
    queryString: group.queryString,
    description: group.thingGroupProperties?.thingGroupDescription,
    hasChildren: below.items.length > 0,
  }
}

type ChildrenByName = ReadonlyMap<string, Children | undefined>

/** Every group that is on screen, from the top down. */
export function shownNames(
  topNames: readonly string[],
  children: ChildrenByName,
): readonly string[] {
  return topNames.flatMap((name) => [
    name,
    ...shownNames(children.get(name)?.names ?? [], children),
  ])
}

/** Puts together what was read. */
export function treeOf(
  names: readonly string[],
  children: ChildrenByName,
  about: ReadonlyMap<string, GroupAbout | undefined>,
): readonly GroupNode[] {
  return names.map((groupName) => {
    const below = children.get(groupName)
    return {
      groupName,
      about: about.get(groupName),
      children: below && treeOf(below.names, children, about),
      hasMore: below?.hasMore ?? false,
    }
  })
}
