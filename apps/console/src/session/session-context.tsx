/** Gives every page the signed-in session's AWS client and live connection. */
import type { IoTClient } from '@aws-sdk/client-iot'
import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { withDataEndpoint } from '../aws/data-endpoint.ts'
import { iotClient } from '../aws/iot-client.ts'
import { LiveConnection, type LiveState } from '../live/live-connection.ts'
import { Presence } from '../live/presence.ts'
import { refreshOnEvents } from '../live/refresh.ts'
import { sessionKeys, type SessionKeys } from './session-keys.ts'
import type { Session } from './session.ts'

/** What a signed-in page works with. */
export interface SignedIn {
  readonly session: Session
  readonly iot: IoTClient
  /** What requests to other services are signed with. */
  readonly keys: SessionKeys
  readonly presence: Presence
  readonly live: LiveConnection | undefined
  /** Replaces the session; undefined signs out. */
  readonly change: (session: Session | undefined) => void
}

const Context = createContext<SignedIn | undefined>(undefined)

interface Props {
  readonly session: Session
  /** Takes a corrected session, or undefined to sign out. */
  readonly onSession: (session: Session | undefined) => void
  readonly children: ReactNode
}

/** Opens the session's connections for the pages below and closes them with it. */
export function SessionProvider({ session, onSession, children }: Props): ReactNode {
  const queries = useQueryClient()
  const keys = useMemo(() => sessionKeys(session), [session])
  const iot = useMemo(() => iotClient(session, keys), [session, keys])
  const presence = useMemo(() => new Presence(), [session])
  const [live, setLive] = useState<LiveConnection>()
  useEffect(() => {
    const connection = new LiveConnection(async () => ({
      ...(await withDataEndpoint(session, iot)),
      ...(await keys.current()),
    }))
    setLive(connection)
    const endRefresh = refreshOnEvents(connection, presence, queries)
    void connection.open()
    return () => {
      endRefresh()
      connection.close()
    }
  }, [session, keys, iot, presence, queries])
  const value = useMemo(
    () => ({ session, iot, keys, presence, live, change: onSession }),
    [session, iot, keys, presence, live, onSession],
  )
  return <Context value={value}>{children}</Context>
}

/** The signed-in session; only below {@link SessionProvider}. */
export function useSignedIn(): SignedIn {
  const value = useContext(Context)
  if (!value) throw new Error('useSignedIn() outside a session')
  return value
}

/** The live connection's state, kept up to date. */
export function useLiveState(): LiveState {
  const { live } = useSignedIn()
  return useSyncExternalStore(
    (watcher) => live?.onState(watcher) ?? (() => undefined),
    () => live?.state ?? connecting,
  )
}

const connecting: LiveState = { name: 'connecting' }
