/** Tabs whose active one is kept in the link. */
import Tabs, { type TabsProps } from '@cloudscape-design/components/tabs'
import type { ReactNode } from 'react'
import { useLink } from './linked-state.ts'

interface Props {
  /** Names the group of tabs: `Certificate details`. */
  readonly label: string
  /** The first is shown where the link names none. */
  readonly tabs: readonly TabsProps.Tab[]
}

export function LinkedTabs({ label, tabs }: Props): ReactNode {
  const [parameters, change] = useLink()
  const first = tabs[0]?.id
  const asked = parameters.get('tab')
  const active = tabs.find(({ id }) => id === asked)?.id ?? first ?? ''
  return (
    <Tabs
      ariaLabel={label}
      tabs={tabs}
      activeTabId={active}
      // What narrows or sorts the list of one tab says nothing of another's.
      onChange={({ detail: { activeTabId } }) =>
        change({
          tab: activeTabId === first ? undefined : activeTabId,
          page: undefined,
          filter: undefined,
          match: undefined,
          sort: undefined,
        })
      }
    />
  )
}
