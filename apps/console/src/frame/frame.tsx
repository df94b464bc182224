/** The frame around every page: top bar, navigation, notices, and the page itself. */
import AppLayout from '@cloudscape-design/components/app-layout'
import Flashbar from '@cloudscape-design/components/flashbar'
import SideNavigation from '@cloudscape-design/components/side-navigation'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { Outlet, ScrollRestoration, useHref, useLocation, useNavigate } from 'react-router'
import { useAdmin } from '../admin/admin-context.tsx'
import { useNotices } from '../ui/notices.tsx'
import { activePath, usableNavigation } from './navigation.ts'
import { SetupNotice } from './setup-notice.tsx'
import { TopBar } from './top-bar.tsx'
import { useFocusOnNavigation } from './use-focus-on-navigation.ts'

export function Frame(): ReactNode {
  const { flashes } = useNotices()
  const [isNavigationOpen, setNavigationOpen] = useState(() => innerWidth > 688)
  useFocusOnNavigation()
  return (
    <>
      <TopBar />
      <AppLayout
        headerSelector="#top-bar"
        toolsHide
        navigation={<Navigation />}
        navigationOpen={isNavigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        ariaLabels={{
          navigation: 'Pages',
          navigationClose: 'Close navigation',
          navigationToggle: 'Open navigation',
          notifications: 'Notices',
        }}
        notifications={<Flashbar items={[...flashes]} />}
        content={
          <SpaceBetween size="m">
            <SetupNotice />
            <Outlet />
          </SpaceBetween>
        }
      />
      <ScrollRestoration />
    </>
  )
}

function Navigation(): ReactNode {
  const { state } = useAdmin()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const home = useHref('/')
  const base = home.replace(/\/$/, '')
  const active = activePath(pathname)
  return (
    <SideNavigation
      activeHref={active === undefined ? '' : base + active}
      items={usableNavigation(state.name !== 'absent').map(({ title, links }) => ({
        type: 'section-group',
        title,
        items: links.map(({ text, path }) => ({ type: 'link', text, href: base + path })),
      }))}
      onFollow={(event) => {
        event.preventDefault()
        void navigate(event.detail.href.slice(base.length))
      }}
    />
  )
}
