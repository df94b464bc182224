import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function SimulatorPage(): ReactNode {
  return <Page title="Simulator">{null}</Page>
}
