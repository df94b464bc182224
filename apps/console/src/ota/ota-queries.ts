/** Reads about OTA updates and streams. */
import {
  DescribeStreamCommand,
  GetOTAUpdateCommand,
  ListOTAUpdatesCommand,
  ListStreamsCommand,
  type OTAUpdateInfo,
  type OTAUpdateSummary,
  type StreamInfo,
  type StreamSummary,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

/** Entries that a list holds; the newest are read first. */
const ENTRIES_MAX = 1000
const REFRESH_MS = 5000

interface ListAnswer<Item> {
  readonly items: readonly Item[] | undefined
  readonly nextToken: string | undefined
}

async function newest<Item>(
  read: (nextToken: string | undefined) => Promise<ListAnswer<Item>>,
): Promise<readonly Item[]> {
  const found: Item[] = []
  let nextToken: string | undefined
  do {
    const page: ListAnswer<Item> = await read(nextToken)
    found.push(...(page.items ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined && found.length < ENTRIES_MAX)
  return found
}

/** The account's OTA updates, newest first. */
export function useOtaUpdates(): UseQueryResult<readonly OTAUpdateSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['ota-updates'],
    queryFn: () =>
      newest(async (nextToken) => {
        const command = new ListOTAUpdatesCommand({ maxResults: 250, nextToken })
        const answer = await iot.send(command)
        return { items: answer.otaUpdates, nextToken: answer.nextToken }
      }),
    refetchInterval: REFRESH_MS,
  })
}

/** One update, with its job's name and why it failed. */
export function useOtaUpdate(otaUpdateId: string): UseQueryResult<OTAUpdateInfo> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['ota-update', otaUpdateId],
    queryFn: async () =>
      (await iot.send(new GetOTAUpdateCommand({ otaUpdateId }))).otaUpdateInfo ?? {},
  })
}

/** The account's streams, newest first. */
export function useStreams(): UseQueryResult<readonly StreamSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['streams'],
    queryFn: () =>
      newest(async (nextToken) => {
        const answer = await iot.send(new ListStreamsCommand({ maxResults: 250, nextToken }))
        return { items: answer.streams, nextToken: answer.nextToken }
      }),
    refetchInterval: REFRESH_MS,
  })
}

/** One stream, with its files. */
export function useStream(streamId: string): UseQueryResult<StreamInfo> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['stream', streamId],
    queryFn: async () => (await iot.send(new DescribeStreamCommand({ streamId }))).streamInfo ?? {},
  })
}
