/**
 * How many things are connected. AWS tells that through fleet indexing; where it is off, the tile
 * counts presence events and offers to switch it on.
 */
import { UpdateIndexingConfigurationCommand, type ThingIndexingMode } from '@aws-sdk/client-iot'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { errorInWords } from '../aws/aws-error.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { useConnectedCount, useIndexing } from './fleet-queries.ts'
import { Tile } from './tile.tsx'

export function ConnectedTile(): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const connected = useConnectedCount()
  const note = connected.data?.note
  const indexing = useIndexing()
  const turnOn = useMutation({
    mutationFn: () =>
      iot.send(
        new UpdateIndexingConfigurationCommand({
          thingIndexingConfiguration: {
            ...indexing.data,
            thingIndexingMode: modeToIndex(indexing.data?.thingIndexingMode),
            thingConnectivityIndexingMode: 'STATUS',
          },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['indexing'] }),
  })
  const offered = indexing.data && indexing.data.thingConnectivityIndexingMode !== 'STATUS'
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

/** Keeps shadows indexed where they are: switching on takes nothing away. */
function modeToIndex(mode: ThingIndexingMode | undefined): ThingIndexingMode {
  return mode === undefined || mode === 'OFF' ? 'REGISTRY' : mode
}
