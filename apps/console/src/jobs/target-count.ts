/** How many things a job's targets cover, so that a bar can show what is still to be rolled out. */
import { ListThingsInThingGroupCommand, type IoTClient, type Job } from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

const pagesMax = 20

/** @returns undefined while unknown, for a job without an end, or for a very large group */
export function useTargetCount(job: Job | undefined): number | undefined {
  const { iot } = useSignedIn()
  const targets = job?.targets ?? []
  const query = useQuery({
    queryKey: ['targets', targets],
    enabled: job?.targetSelection === 'SNAPSHOT' && targets.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await targetedThings(iot, targets)) ?? 0,
  })
  return query.data === 0 ? undefined : query.data
}

async function targetedThings(
  iot: IoTClient,
  targets: readonly string[],
): Promise<number | undefined> {
  const names = new Set<string>()
  let pages = 0
  for (const target of targets) {
    const [, group] = target.split(':thinggroup/')
    if (group === undefined) {
      names.add(target.split(':thing/')[1] ?? target)
      continue
    }
    let nextToken: string | undefined
    do {
      if (pages++ >= pagesMax) return undefined
      const page: { things?: string[] | undefined; nextToken?: string | undefined } =
        await iot.send(
          new ListThingsInThingGroupCommand({
            thingGroupName: group,
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
