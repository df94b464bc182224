/** Whether the admin API is there, and its client. */
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { AdminClient } from './admin-client.ts'
import { adminState, type AdminState, type ReadAt } from './admin-state.ts'

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

/** The admin API; only below {@link AdminProvider}. */
export function useAdmin(): Admin {
  const value = useContext(Context)
  if (!value) throw new Error('useAdmin() outside a session')
  return value
}
