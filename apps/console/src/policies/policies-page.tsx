import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function PoliciesPage(): ReactNode {
  return <Page title="Policies">{null}</Page>
}
