import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function TemplatesPage(): ReactNode {
  return <Page title="Templates">{null}</Page>
}
