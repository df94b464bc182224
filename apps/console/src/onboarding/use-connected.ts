/** Whether a client is connected, as presence events tell. */
import { useCallback, useSyncExternalStore } from 'react'
import { useSignedIn } from '../session/session-context.tsx'

/** @returns undefined while nothing was heard of it */
export function useConnected(clientId: string): boolean | undefined {
  const { live, presence } = useSignedIn()
  const subscribe = useCallback(
    (watcher: () => void) =>
      live?.onEvent((event) => {
        if (event.kind === 'presence' && event.clientId === clientId) watcher()
      }) ?? (() => undefined),
    [live, clientId],
  )
  return useSyncExternalStore(subscribe, () => presence.isConnected(clientId))
}
