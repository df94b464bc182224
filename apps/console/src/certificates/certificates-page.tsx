import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function CertificatesPage(): ReactNode {
  return <Page title="Certificates">{null}</Page>
}
