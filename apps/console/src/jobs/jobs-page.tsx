/** The list of jobs: filtered, sorted and paged, with the progress of those that are shown. */
import type { JobSummary } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { ListTable } from '../ui/list-table.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { Page } from '../ui/page.tsx'
import { CancelJobsDialog } from './cancel-jobs-dialog.tsx'
import { DeleteJobsDialog } from './delete-jobs-dialog.tsx'
import { jobsMax, useJobs } from './job-queries.ts'
import { jobColumns, jobFilters } from './jobs-columns.tsx'

type Asking = { readonly what: 'cancel' | 'delete'; readonly jobs: readonly JobSummary[] }

export function JobsPage(): ReactNode {
  const jobs = useJobs()
  const [asking, setAsking] = useState<Asking>()
  return (
    <Page
      title="Jobs"
      description="Remote actions that things of the fleet carry out."
      actions={
        <PageButton to="/create-job" variant="primary">
          Create job
        </PageButton>
      }
    >
      <ListTable<JobSummary>
        title="All jobs"
        items={jobs.data?.jobs}
        error={jobs.error}
        onRetry={() => void jobs.refetch()}
        columns={jobColumns}
        filters={jobFilters}
        sort="-createdAt"
        trackBy={({ jobId = '' }) => jobId}
        selectionName={({ jobId = '' }) => jobId}
        empty="No job was created yet."
        emptyAction={<PageButton to="/create-job">Create job</PageButton>}
        description={
          jobs.data?.isWhole === false
            ? `The newest ${jobsMax.toLocaleString()} jobs; there are more.`
            : undefined
        }
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              iconName="refresh"
              ariaLabel="Refresh jobs"
              loading={jobs.isFetching && !jobs.data}
              onClick={() => void jobs.refetch()}
            />
            <ButtonDropdown
              items={[
                { id: 'cancel', text: 'Cancel' },
                { id: 'delete', text: 'Delete' },
              ]}
              disabled={selected.length === 0}
              disabledReason="Select jobs first."
              onItemClick={({ detail }) =>
                setAsking({ what: detail.id === 'cancel' ? 'cancel' : 'delete', jobs: selected })
              }
            >
              Actions
            </ButtonDropdown>
          </SpaceBetween>
        )}
      />
      {asking?.what === 'cancel' ? (
        <CancelJobsDialog jobs={asking.jobs} onClose={() => setAsking(undefined)} />
      ) : null}
      {asking?.what === 'delete' ? (
        <DeleteJobsDialog jobs={asking.jobs} onClose={() => setAsking(undefined)} />
      ) : null}
    </Page>
  )
}
