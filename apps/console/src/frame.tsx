/** The frame around every page: where you are, whether it is live, and the way out. */
import type { ReactNode } from 'react'
import { NavLink, Outlet } from 'react-router'
import { SessionCheck } from './session/session-check.tsx'
import { useLiveState, useSignedIn } from './session/session-context.tsx'

export function Frame(): ReactNode {
  const { session, change } = useSignedIn()
  return (
    <>
      <header className="top">
        <NavLink to="/" className="brand" aria-label="Muster, overview">
          Muster
        </NavLink>
        <nav aria-label="Pages">
          <NavLink to="/" end>
            Overview
          </NavLink>
          <NavLink to="/things">Things</NavLink>
          <NavLink to="/create-job">Create job</NavLink>
        </nav>
        <div className="row end">
          <LiveIndicator />
          <span className="quiet hide-narrow" title={session.endpoint}>
            {new URL(session.endpoint).host} · {session.region}
          </span>
          <button type="button" onClick={() => change(undefined)}>
            Sign out
          </button>
        </div>
      </header>
      <main>
        <SessionCheck />
        <Outlet />
      </main>
    </>
  )
}

function LiveIndicator(): ReactNode {
  const state = useLiveState()
  const words = { connecting: 'Connecting', live: 'Live', offline: 'Not live' }[state.name]
  return (
    <span
      role="status"
      aria-label="Live updates"
      className={`live live-${state.name}`}
      title={
        state.name === 'offline' ? state.reason : 'Events arrive over MQTT as the fleet changes'
      }
    >
      {words}
    </span>
  )
}
