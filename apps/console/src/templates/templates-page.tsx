/** Job templates: the account's own, and AWS's. */
import type { JobTemplateSummary } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useState, type ReactNode } from 'react'
import { EmptyList } from '../ui/list-states.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Page } from '../ui/page.tsx'
import { DeleteTemplatesDialog } from './delete-templates-dialog.tsx'
import { useManagedTemplates, useTemplates } from './template-queries.ts'

const columns: readonly TableProps.ColumnDefinition<JobTemplateSummary>[] = [
  {
    id: 'jobTemplateId',
    header: 'Template ID',
    isRowHeader: true,
    sortingField: 'jobTemplateId',
    cell: ({ jobTemplateId = '' }) => (
      <PageLink to={`/templates/${jobTemplateId}`}>{jobTemplateId}</PageLink>
    ),
  },
  { id: 'description', header: 'Description', cell: ({ description }) => description },
  {
    id: 'createdAt',
    header: 'Created',
    sortingComparator: (a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0),
    cell: ({ createdAt }) => <Ago at={createdAt} />,
  },
]

export function TemplatesPage(): ReactNode {
  const templates = useTemplates()
  const [deleting, setDeleting] = useState<readonly string[]>()
  return (
    <Page title="Templates" description="Jobs to be created again, as they were settled once.">
      <ListTable<JobTemplateSummary>
        title="Job templates"
        items={templates.data}
        error={templates.error}
        onRetry={() => void templates.refetch()}
        columns={columns}
        filters={[
          { key: 'jobTemplateId', propertyLabel: 'Template ID', groupValuesLabel: 'Template IDs' },
          { key: 'description', propertyLabel: 'Description', groupValuesLabel: 'Descriptions' },
        ]}
        sort="-createdAt"
        trackBy={({ jobTemplateId = '' }) => jobTemplateId}
        selectionName={({ jobTemplateId = '' }) => jobTemplateId}
        empty="No template yet. Save one from a job, or from the wizard before a job is created."
        emptyAction={<PageButton to="/create-job">Create job</PageButton>}
        actions={(selected) => (
          <Button
            disabled={selected.length === 0}
            disabledReason="Select templates first."
            onClick={() => setDeleting(selected.map(({ jobTemplateId = '' }) => jobTemplateId))}
          >
            Delete
          </Button>
        )}
      />
      <ManagedTemplates />
      {deleting ? (
        <DeleteTemplatesDialog ids={deleting} onClose={() => setDeleting(undefined)} />
      ) : null}
    </Page>
  )
}

function ManagedTemplates(): ReactNode {
  const templates = useManagedTemplates()
  return (
    <>
      {templates.error ? (
        <ErrorNotice error={templates.error} onRetry={() => void templates.refetch()} />
      ) : null}
      <Table
        ariaLabels={{ tableLabel: 'AWS managed templates' }}
        header={<Header variant="h2">AWS managed templates</Header>}
        items={templates.data ?? []}
        loading={templates.isLoading}
        loadingText="Loading templates"
        wrapLines
        empty={<EmptyList sentence="The endpoint has none." />}
        columnDefinitions={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            cell: ({ templateName = '' }) => templateName,
          },
          { id: 'description', header: 'Description', cell: ({ description }) => description },
          { id: 'version', header: 'Version', cell: ({ templateVersion }) => templateVersion },
          {
            id: 'use',
            header: 'Use',
            cell: ({ templateName = '' }) => (
              <PageLink
                to={`/create-job?managed=${templateName}`}
                ariaLabel={`Create job from ${templateName}`}
              >
                Create job
              </PageLink>
            ),
          },
        ]}
      />
    </>
  )
}
