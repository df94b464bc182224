import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function JobPage(): ReactNode {
  return <Page title="Job">{null}</Page>
}
