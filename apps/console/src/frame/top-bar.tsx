/** The top bar: which account, whose clock, whether it is live, and the way out. */
import TopNavigation, {
  type TopNavigationProps,
} from '@cloudscape-design/components/top-navigation'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useHref, useNavigate } from 'react-router'
import { useServerClock } from '../admin/server-clock.ts'
import { useAccountId } from '../session/account.ts'
import { useLiveState, useSignedIn } from '../session/session-context.tsx'
import { clockBadge } from './clock-badge.ts'
import { toggleColorMode, useIsDark } from './color-mode.ts'

const ClockDialog = lazy(async () => ({
  default: (await import('./clock-dialog.tsx')).ClockDialog,
}))

export function TopBar(): ReactNode {
  const { change } = useSignedIn()
  const navigate = useNavigate()
  const isDark = useIsDark()
  const [isClockOpen, setClockOpen] = useState(false)
  const badge = clockBadge(useServerClock())
  const live = useLive()
  const place = usePlace()
  const utilities: TopNavigationProps.Utility[] = [
    ...(badge === undefined
      ? []
      : [
          {
            type: 'button' as const,
            iconName: 'status-pending' as const,
            text: badge.text,
            title: badge.title,
            ariaLabel: `Clock: ${badge.text}`,
            disableUtilityCollapse: false,
            onClick: () => setClockOpen(true),
          },
        ]),
    live,
    place,
    {
      type: 'button',
      text: isDark ? 'Light mode' : 'Dark mode',
      onClick: toggleColorMode,
    },
    { type: 'button', text: 'Sign out', onClick: () => change(undefined) },
  ]
  return (
    <div id="top-bar">
      <TopNavigation
        identity={{
          title: 'Muster',
          href: useHref('/jobs'),
          onFollow: (event) => {
            event.preventDefault()
            void navigate('/jobs')
          },
        }}
        utilities={utilities}
      />
      {/* Told to who cannot see the sign; also when it changes. */}
      <div role="status" aria-label="Live updates" className="unseen">
        {live.text}
      </div>
      {isClockOpen ? (
        <Suspense fallback={null}>
          <ClockDialog onClose={() => setClockOpen(false)} />
        </Suspense>
      ) : null}
    </div>
  )
}

function usePlace(): TopNavigationProps.MenuDropdownUtility {
  const { session } = useSignedIn()
  const accountId = useAccountId()
  const { host } = new URL(session.endpoint)
  return {
    type: 'menu-dropdown',
    text: `${host} · ${session.region}`,
    description: accountId === undefined ? host : `Account ${accountId}`,
    ariaLabel: `Connected to ${host}, ${session.region}`,
    items: [
      { id: 'account', text: `Account: ${accountId ?? 'not known'}`, disabled: true },
      { id: 'region', text: `Region: ${session.region}`, disabled: true },
      { id: 'endpoint', text: `Endpoint: ${session.endpoint}`, disabled: true },
      { id: 'key', text: `Access key ID: ${session.accessKeyId}`, disabled: true },
    ],
  }
}

function useLive(): TopNavigationProps.ButtonUtility {
  const state = useLiveState()
  const { live } = useSignedIn()
  const words = { connecting: 'Connecting', live: 'Live', offline: 'Not live' }[state.name]
  return {
    type: 'button',
    text: words,
    iconName: state.name === 'live' ? 'status-positive' : 'status-warning',
    ariaLabel: `Live updates: ${words}`,
    title: state.name === 'offline' ? state.reason : 'Events arrive over MQTT as the fleet changes',
    onClick: () => live?.retry(),
  }
}
