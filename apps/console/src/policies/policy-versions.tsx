/** The versions of a policy: which counts, and how each differs from the one before. */
import {
  DeletePolicyVersionCommand,
  SetDefaultPolicyVersionCommand,
  type PolicyVersion,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useLinkedText } from '../ui/linked-state.ts'
import { Moment } from '../ui/moment.tsx'
import { useDone } from '../ui/use-done.ts'
import { DiffView } from './diff-view.tsx'
import { GrantsChange } from './grants-change.tsx'
import { readableDocument } from './policy-document.ts'
import { usePolicyVersions, useVersionDocument, versionsMax } from './policy-queries.ts'

type Asked = { readonly verb: 'default' | 'delete'; readonly versionId: string }

export function PolicyVersions({ policyName }: { readonly policyName: string }): ReactNode {
  const versions = usePolicyVersions(policyName)
  const [chosen, choose] = useLinkedText('version')
  const [asked, ask] = useState<Asked>()
  const all = versions.data ?? []
  const selected = all.find(({ versionId }) => versionId === chosen) ?? all[0]
  const before = all[all.indexOf(selected ?? {}) + 1]
  const id = selected?.versionId ?? ''
  const isDefault = selected?.isDefaultVersion === true
  const off = isDefault ? { disabled: true, disabledReason: 'It is the active version.' } : {}
  return (
    <SpaceBetween size="l">
      {versions.error ? <ErrorNotice error={versions.error} /> : null}
      <Table<PolicyVersion>
        items={all}
        loading={versions.isLoading}
        selectionType="single"
        selectedItems={selected ? [selected] : []}
        onSelectionChange={({ detail }) => choose(detail.selectedItems[0]?.versionId ?? '')}
        trackBy={({ versionId = '' }) => versionId}
        ariaLabels={{
          tableLabel: 'Versions',
          selectionGroupLabel: 'Choose a version',
          itemSelectionLabel: (_, { versionId }) => `Version ${versionId}`,
        }}
        header={
          <Header
            variant="h2"
            counter={`(${all.length}/${versionsMax})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button {...off} onClick={() => ask({ verb: 'delete', versionId: id })}>
                  Delete version
                </Button>
                <Button {...off} onClick={() => ask({ verb: 'default', versionId: id })}>
                  Set as active
                </Button>
              </SpaceBetween>
            }
          >
            Versions
          </Header>
        }
        columnDefinitions={[
          { id: 'version', header: 'Version', isRowHeader: true, cell: (row) => row.versionId },
          {
            id: 'status',
            header: 'Status',
            cell: (row) =>
              row.isDefaultVersion ? (
                <StatusIndicator type="success">Active</StatusIndicator>
              ) : (
                <StatusIndicator type="stopped">Inactive</StatusIndicator>
              ),
          },
          { id: 'created', header: 'Created', cell: (row) => <Moment at={row.createDate} /> },
        ]}
      />
      {selected ? (
        <VersionDocument policyName={policyName} versionId={id} beforeId={before?.versionId} />
      ) : null}
      {asked ? (
        <AskedChange policyName={policyName} asked={asked} onClose={() => ask(undefined)} />
      ) : null}
    </SpaceBetween>
  )
}

function VersionDocument(props: {
  readonly policyName: string
  readonly versionId: string
  readonly beforeId: string | undefined
}): ReactNode {
  const { policyName, versionId, beforeId } = props
  const document = useVersionDocument(policyName, versionId)
  const before = useVersionDocument(policyName, beforeId)
  const text = document.data === undefined ? undefined : readableDocument(document.data)
  return (
    <Container
      header={
        <Header variant="h3">
          {beforeId === undefined
            ? `Version ${versionId}`
            : `Version ${versionId}, compared with version ${beforeId}`}
        </Header>
      }
    >
      {document.error ? <ErrorNotice error={document.error} /> : null}
      {before.error ? <ErrorNotice error={before.error} /> : null}
      {text === undefined ? (
        <Spinner />
      ) : before.data === undefined ? (
        <DocumentView label={`Version ${versionId}`} text={text} what="document" />
      ) : (
        <DiffView
          label={`Changes of version ${versionId}`}
          before={readableDocument(before.data)}
          after={text}
        />
      )}
    </Container>
  )
}

function AskedChange(props: {
  readonly policyName: string
  readonly asked: Asked
  readonly onClose: () => void
}): ReactNode {
  const { policyName, onClose } = props
  const { verb, versionId } = props.asked
  const { iot } = useSignedIn()
  const done = useDone()
  const input = { policyName, policyVersionId: versionId }
  const isDelete = verb === 'delete'
  return (
    <Confirm
      title={isDelete ? `Delete version ${versionId}?` : `Make version ${versionId} active?`}
      verb={isDelete ? 'Delete version' : 'Set as active'}
      act={() =>
        isDelete
          ? iot.send(new DeletePolicyVersionCommand(input))
          : iot.send(new SetDefaultPolicyVersionCommand(input))
      }
      onDone={() => {
        onClose()
        done(
          isDelete
            ? `Version ${versionId} of policy ${policyName} was deleted.`
            : `Version ${versionId} of policy ${policyName} is active.`,
        )
      }}
      onClose={onClose}
    >
      {isDelete ? (
        'A deleted version cannot be brought back.'
      ) : (
        <SpaceBetween size="m">
          <p>
            It counts at once for everything that the policy is attached to, connected devices too.
          </p>
          <VersionChange policyName={policyName} versionId={versionId} />
        </SpaceBetween>
      )}
    </Confirm>
  )
}

/** What devices gain and lose when a version becomes the active one. */
function VersionChange(props: {
  readonly policyName: string
  readonly versionId: string
}): ReactNode {
  const { policyName, versionId } = props
  const versions = usePolicyVersions(policyName)
  const active = versions.data?.find(({ isDefaultVersion }) => isDefaultVersion === true)
  const before = useVersionDocument(policyName, active?.versionId)
  const after = useVersionDocument(policyName, versionId)
  if (before.data === undefined || after.data === undefined) return <Spinner />
  return <GrantsChange before={before.data} after={after.data} policyName={policyName} />
}
