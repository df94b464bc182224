/** OTA updates with their progress, which is that of their jobs, and the streams that devices read. */
import type { OTAUpdateSummary, StreamSummary } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { JobRowProgress } from '../jobs/jobs-columns.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { EmptyList } from '../ui/list-states.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Ago } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Page } from '../ui/page.tsx'
import { useOtaUpdate, useOtaUpdates, useStream, useStreams } from './ota-queries.ts'

const updateColumns: readonly TableProps.ColumnDefinition<OTAUpdateSummary>[] = [
  {
    id: 'otaUpdateId',
    header: 'Update ID',
    minWidth: 150,
    isRowHeader: true,
    sortingField: 'otaUpdateId',
    cell: ({ otaUpdateId = '' }) => otaUpdateId,
  },
  {
    id: 'made',
    header: 'Made',
    minWidth: 150,
    cell: ({ otaUpdateId = '' }) => <Made otaUpdateId={otaUpdateId} />,
  },
  {
    id: 'job',
    header: 'Job and progress',
    minWidth: 160,
    cell: ({ otaUpdateId = '' }) => <UpdateJob otaUpdateId={otaUpdateId} />,
  },
  {
    id: 'files',
    header: 'Files',
    minWidth: 130,
    cell: ({ otaUpdateId = '' }) => <UpdateFiles otaUpdateId={otaUpdateId} />,
  },
  {
    id: 'creationDate',
    header: 'Created',
    minWidth: 112,
    sortingComparator: (a, b) =>
      (a.creationDate?.getTime() ?? 0) - (b.creationDate?.getTime() ?? 0),
    cell: ({ creationDate }) => <Ago at={creationDate} />,
  },
]

const streamColumns: readonly TableProps.ColumnDefinition<StreamSummary>[] = [
  {
    id: 'streamId',
    header: 'Stream ID',
    minWidth: 150,
    isRowHeader: true,
    cell: ({ streamId = '' }) => streamId,
  },
  {
    id: 'streamVersion',
    header: 'Version',
    cell: ({ streamVersion }) => streamVersion,
  },
  {
    id: 'files',
    header: 'Files',
    minWidth: 130,
    cell: ({ streamId = '' }) => <StreamFiles streamId={streamId} />,
  },
  { id: 'description', header: 'Description', cell: ({ description }) => description },
]

export function OtaPage(): ReactNode {
  const updates = useOtaUpdates()
  const streams = useStreams()
  return (
    <Page
      title="OTA updates"
      description="Firmware by AWS's own job document, and the streams that devices read it from."
    >
      <ListTable<OTAUpdateSummary>
        title="OTA updates"
        items={updates.data}
        error={updates.error}
        onRetry={() => void updates.refetch()}
        columns={updateColumns}
        filters={[
          { key: 'otaUpdateId', propertyLabel: 'Update ID', groupValuesLabel: 'Update IDs' },
        ]}
        sort="-creationDate"
        trackBy={({ otaUpdateId = '' }) => otaUpdateId}
        empty="No OTA update yet. Create one with CreateOTAUpdate."
      />
      {streams.error ? (
        <ErrorNotice error={streams.error} onRetry={() => void streams.refetch()} />
      ) : null}
      <Table<StreamSummary>
        ariaLabels={{ tableLabel: 'Streams' }}
        header={<Header variant="h2">Streams</Header>}
        items={streams.data ?? []}
        loading={streams.isLoading}
        loadingText="Loading streams"
        wrapLines
        empty={<EmptyList sentence="No stream yet. An OTA update by MQTT makes one." />}
        columnDefinitions={streamColumns}
      />
    </Page>
  )
}

/** Of the making of an update alone: how it goes is its job's to tell. */
function Made({ otaUpdateId }: { readonly otaUpdateId: string }): ReactNode {
  const { data } = useOtaUpdate(otaUpdateId)
  if (data === undefined) return null
  const { errorInfo, otaUpdateStatus = '' } = data
  return (
    <>
      {words[otaUpdateStatus] ?? otaUpdateStatus}
      {errorInfo ? (
        <Box fontSize="body-s" color="text-status-error">
          {errorInfo.code}: {errorInfo.message}
        </Box>
      ) : null}
    </>
  )
}

const words: Readonly<Record<string, string>> = {
  CREATE_PENDING: 'Waits to be made',
  CREATE_IN_PROGRESS: 'Is being made',
  CREATE_COMPLETE: 'Made',
  CREATE_FAILED: 'Could not be made',
  DELETE_IN_PROGRESS: 'Is being deleted',
  DELETE_FAILED: 'Could not be deleted',
}

function UpdateJob({ otaUpdateId }: { readonly otaUpdateId: string }): ReactNode {
  const { data } = useOtaUpdate(otaUpdateId)
  const { awsIotJobId: jobId = '', otaUpdateStatus } = data ?? {}
  if (jobId === '' || otaUpdateStatus === 'CREATE_FAILED') return null
  return (
    <>
      <PageLink to={`/jobs/${jobId}`}>{jobId}</PageLink>
      <JobRowProgress jobId={jobId} />
    </>
  )
}

function UpdateFiles({ otaUpdateId }: { readonly otaUpdateId: string }): ReactNode {
  const { data } = useOtaUpdate(otaUpdateId)
  const names = (data?.otaUpdateFiles ?? []).map(({ fileName = '' }) => fileName)
  const protocols = (data?.protocols ?? []).join(', ')
  return data === undefined ? null : `${names.join(', ')} by ${protocols}`
}

function StreamFiles({ streamId }: { readonly streamId: string }): ReactNode {
  const { data } = useStream(streamId)
  return (data?.files ?? [])
    .map(({ fileId, s3Location }) => `${fileId}: ${s3Location?.bucket}/${s3Location?.key}`)
    .join(', ')
}
