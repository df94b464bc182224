/**
 * How many things are connected. AWS tells that through fleet indexing; where it is off, the tile
 * counts presence events and offers to switch it on.
 */
import {
  GetIndexingConfigurationCommand,
  type GetIndexingConfigurationResponse,
  type ThingIndexingMode,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { errorInWords } from '../aws/aws-error.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { useConnectedCount } from './fleet-queries.ts'
import { Tile } from './tile.tsx'

export function ConnectedTile(): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const connected = useConnectedCount()
  const note = connected.data?.note
  const indexing = useQuery({
    queryKey: ['indexing'],
    enabled: note !== undefined,
    staleTime: 60_000,
    queryFn: () => iot.send(new GetIndexingConfigurationCommand()),
  })
  const turnOn = useMutation({
    mutationFn: () =>
      iot.send(
        new UpdateIndexingConfigurationCommand({
          thingIndexingConfiguration: {
            ...indexing.data?.thingIndexingConfiguration,
            thingIndexingMode: indexedAlready(indexing.data) ?? 'REGISTRY',
            thingConnectivityIndexingMode: 'STATUS',
          },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['fleet'] }),
  })
  const mode = indexing.data?.thingIndexingConfiguration?.thingConnectivityIndexingMode
  const offered = note !== undefined && indexing.data !== undefined && mode !== 'STATUS'
  return (
    <Tile
      title="Connected"
      value={connected.data?.value}
      note={
        note === undefined ? undefined : (
          <>
            {note}{' '}
            {offered ? (
              <button
                type="button"
                className="link"
                title="AWS bills fleet indexing by things and updates"
                disabled={turnOn.isPending}
                onClick={() => turnOn.mutate()}
              >
                Count all by fleet indexing
              </button>
            ) : null}
            {turnOn.error ? <span role="alert">{errorInWords(turnOn.error).message}</span> : null}
          </>
        )
      }
    />
  )
}

/** The mode that indexes things already, shadows included, so that switching on takes nothing away. */
function indexedAlready(
  answer: GetIndexingConfigurationResponse | undefined,
): ThingIndexingMode | undefined {
  const mode = answer?.thingIndexingConfiguration?.thingIndexingMode
  return mode === 'OFF' ? undefined : mode
}
