/** Whether the admin API is there, and its client. */
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { AdminClient, AdminError, type ClockReading } from './admin-client.ts'

/** How the admin API stands. */
export type AdminState =
  | { readonly name: 'asking' }
  | { readonly name: 'present'; readonly clock: ReadAt }
  /** It is there and wants the admin token. */
  | { readonly name: 'locked'; readonly reason: string }
  | { readonly name: 'absent'; readonly reason: string }

/** A reading of the clock and the moment of this page at which it was taken. */
export interface ReadAt extends ClockReading {
  /** `performance.now()` of this page. */
  readonly readAtMs: number
}

/** What pages that need the admin API work with. */
export interface Admin {
  readonly state: AdminState
  readonly client: AdminClient
}

const Context = createContext<Admin | undefined>(undefined)

/** Asks for the admin API once and keeps the clock's reading fresh. */
export function AdminProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { session } = useSignedIn()
  const client = useMemo(
    () => new AdminClient(session.endpoint, session.adminToken ?? ''),
    [session],
  )
  // The admin API refuses pages of other origins: against another endpoint nobody needs to ask.
  const isOwn = session.endpoint === location.origin
  const clock = useQuery({
    queryKey: ['admin', 'clock'],
    enabled: isOwn,
    queryFn: async ({ signal }): Promise<ReadAt> => {
      const reading = await client.clock(signal)
      return { ...reading, readAtMs: performance.now() }
    },
    refetchInterval: 5000,
  })
  const { data, error } = clock
  const value = useMemo(
    () => ({ client, state: adminState(isOwn, data, error) }),
    [client, isOwn, data, error],
  )
  return <Context value={value}>{children}</Context>
}

/** How the admin API stands, after an answer or an error. */
export function adminState(isOwn: boolean, clock: ReadAt | undefined, error: unknown): AdminState {
  if (!isOwn) {
    return { name: 'absent', reason: 'The endpoint is not the server that served this page.' }
  }
  if (clock) return { name: 'present', clock }
  if (error instanceof AdminError && error.status === 401) {
    return { name: 'locked', reason: 'This server has an admin token: sign in again with it.' }
  }
  if (error instanceof AdminError && error.status === 404) {
    return { name: 'absent', reason: 'This server has no admin API.' }
  }
  return { name: 'asking' }
}

/** The admin API; only below {@link AdminProvider}. */
export function useAdmin(): Admin {
  const value = useContext(Context)
  if (!value) throw new Error('useAdmin() outside a session')
  return value
}
