import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function ThingsPage(): ReactNode {
  return <Page title="Things">{null}</Page>
}
