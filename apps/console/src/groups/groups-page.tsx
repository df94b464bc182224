import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function GroupsPage(): ReactNode {
  return <Page title="Groups">{null}</Page>
}
