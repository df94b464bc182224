import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function JobsPage(): ReactNode {
  return <Page title="Jobs">{null}</Page>
}
