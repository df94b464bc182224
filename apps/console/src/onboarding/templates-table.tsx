/** Every provisioning template. */
import type { ProvisioningTemplateSummary } from '@aws-sdk/client-iot'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useTemplates } from './template-queries.ts'

export function TemplatesTable(): ReactNode {
  const templates = useTemplates()
  const create = <PageButton to="/onboarding/create-template">Create template</PageButton>
  return (
    <ListTable<ProvisioningTemplateSummary>
      title="Provisioning templates"
      items={templates.data}
      error={templates.error}
      onRetry={() => void templates.refetch()}
      columns={[
        {
          id: 'templateName',
          header: 'Name',
          sortingField: 'templateName',
          isRowHeader: true,
          cell: ({ templateName = '' }) => (
            <PageLink to={`/onboarding/templates/${encodeURIComponent(templateName)}`}>
              {templateName}
            </PageLink>
          ),
        },
        {
          id: 'enabled',
          header: 'Status',
          sortingField: 'enabled',
          cell: ({ enabled }) => <EnabledBadge isEnabled={enabled === true} />,
        },
        {
          id: 'type',
          header: 'Type',
          sortingField: 'type',
          cell: ({ type }) => (type === 'JITP' ? 'Just in time' : 'Fleet provisioning'),
        },
        {
          id: 'creationDate',
          header: 'Created',
          sortingField: 'creationDate',
          cell: ({ creationDate }) => <Ago at={creationDate} />,
        },
        { id: 'description', header: 'Description', cell: ({ description }) => description ?? '–' },
      ]}
      filters={[
        {
          key: 'templateName',
          propertyLabel: 'Name',
          groupValuesLabel: 'Names',
          operators: [':', '=', '!='],
        },
        { key: 'type', propertyLabel: 'Type', groupValuesLabel: 'Types', operators: ['=', '!='] },
      ]}
      sort="templateName"
      trackBy={({ templateName = '' }) => templateName}
      empty="There are no provisioning templates: devices cannot introduce themselves."
      emptyAction={create}
      actions={create}
    />
  )
}

/** Whether a template serves devices. */
export function EnabledBadge({ isEnabled }: { readonly isEnabled: boolean }): ReactNode {
  return (
    <StatusIndicator type={isEnabled ? 'success' : 'stopped'}>
      {isEnabled ? 'enabled' : 'disabled'}
    </StatusIndicator>
  )
}
