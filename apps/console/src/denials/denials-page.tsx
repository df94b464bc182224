import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function DenialsPage(): ReactNode {
  return <Page title="Denials">{null}</Page>
}
