import type { ReactNode } from 'react'
import { Page } from '../../ui/page.tsx'

export function CreateJobPage(): ReactNode {
  return <Page title="Create job">{null}</Page>
}
