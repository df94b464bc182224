import type { ReactNode } from 'react'
import { LinkedTabs } from '../ui/linked-tabs.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { AuthoritiesTable } from './authorities-table.tsx'
import { CertificatesTable } from './certificates-table.tsx'
import { TransfersTable } from './transfers-table.tsx'

/** The certificates that devices show, and the authorities that vouch for them. */
export function CertificatesPage(): ReactNode {
  return (
    <Page
      title="Certificates"
      description="Whom devices are: a certificate that is active lets its holder in, its policies say to what."
      actions={
        <PageButton to="/onboarding" variant="primary">
          Onboard a device
        </PageButton>
      }
    >
      <LinkedTabs
        label="Certificates"
        tabs={[
          { id: 'certificates', label: 'Certificates', content: <CertificatesTable /> },
          { id: 'authorities', label: 'Certificate authorities', content: <AuthoritiesTable /> },
          { id: 'transfers', label: 'Outgoing transfers', content: <TransfersTable /> },
        ]}
      />
    </Page>
  )
}
