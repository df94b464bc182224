import Badge from '@cloudscape-design/components/badge'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import { NeedsAdmin } from '../admin/needs-admin.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { LinkedTabs } from '../ui/linked-tabs.tsx'
import { Page } from '../ui/page.tsx'
import { CausesTable } from './causes-table.tsx'
import { DenialsTable } from './denials-table.tsx'
import { useDenials } from './use-denials.ts'

/** What the server refused, as it happens, grouped by cause. */
export function DenialsPage(): ReactNode {
  return (
    <Page
      title="Denials"
      description="What was refused, to whom and why; each is explained, and what would mend it is proposed."
    >
      <NeedsAdmin what="Denials are told by the server’s decision log.">
        {(client) => <Denials client={client} />}
      </NeedsAdmin>
    </Page>
  )
}

function Denials({ client }: { readonly client: AdminClient }): ReactNode {
  const { denials, error } = useDenials(client)
  return (
    <SpaceBetween size="l">
      {error ? <ErrorNotice error={error} /> : null}
      {denials && !error ? (
        <StatusIndicator type="in-progress">Listening for denials</StatusIndicator>
      ) : null}
      <LinkedTabs
        label="Denials"
        tabs={[
          { id: 'causes', label: 'By cause', content: <CausesTable denials={denials} /> },
          {
            id: 'all',
            label: (
              <>Each denial {denials ? <Badge>{denials.length.toLocaleString()}</Badge> : null}</>
            ),
            content: <DenialsTable denials={denials} />,
          },
        ]}
      />
    </SpaceBetween>
  )
}
