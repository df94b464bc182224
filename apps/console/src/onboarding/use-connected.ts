/** Whether a client is connected, as presence events tell. */
import { useCallback, useSyncExternalStore } from 'react'
import { useSignedIn } from '../session/session-context.tsx'

/** @returns undefined while nothing was heard of it */
export function useConnected(clientId: string): boolean | undefined {
  const { live, presence } = useSignedIn()
  const subscribe = useCallback(
    (watcher: () => void) => {
      const endEvents = live?.onEvent((event) => {
        if (event.kind === 'presence' && event.clientId === clientId) watcher()
      })
      // What was heard is forgotten where the connection is lost.
      const endStates = live?.onState(watcher)
      return () => {
        endEvents?.()
        endStates?.()
      }
    },
    [live, clientId],
  )
  return useSyncExternalStore(subscribe, () => presence.isConnected(clientId))
}
