/** The versions of a provisioning template: which counts, and new ones. */
import {
  CreateProvisioningTemplateVersionCommand,
  DeleteProvisioningTemplateVersionCommand,
  UpdateProvisioningTemplateCommand,
  type ProvisioningTemplateVersionSummary,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { readableDocument } from '../policies/policy-document.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { JsonEditor } from '../ui/json-editor.tsx'
import { Moment } from '../ui/moment.tsx'
import { useDone } from '../ui/use-done.ts'
import { bodyFault } from './template-body.ts'
import { useTemplateBody, useTemplateVersions } from './template-queries.ts'

interface Props {
  readonly templateName: string
  readonly defaultVersionId: number | undefined
}

export function TemplateVersions({ templateName, defaultVersionId }: Props): ReactNode {
  const { iot } = useSignedIn()
  const done = useDone()
  const versions = useTemplateVersions(templateName)
  const [chosen, choose] = useState<number>()
  const [isWriting, setWriting] = useState(false)
  const all = versions.data ?? []
  const selected = chosen ?? defaultVersionId
  const body = useTemplateBody(templateName, selected)
  const changing = useMutation({
    mutationFn: (verb: 'default' | 'delete') =>
      verb === 'default'
        ? iot.send(
            new UpdateProvisioningTemplateCommand({ templateName, defaultVersionId: selected }),
          )
        : iot.send(
            new DeleteProvisioningTemplateVersionCommand({ templateName, versionId: selected }),
          ),
    onSuccess: (_, verb) => {
      if (verb === 'delete') choose(undefined)
      done(`Version ${selected} ${verb === 'delete' ? 'was deleted' : 'is active'}.`)
    },
  })
  const off =
    selected === defaultVersionId
      ? { disabled: true, disabledReason: 'It is the active version.' }
      : {}
  return (
    <SpaceBetween size="l">
      <Table<ProvisioningTemplateVersionSummary>
        items={all}
        loading={versions.isLoading}
        selectionType="single"
        selectedItems={all.filter(({ versionId }) => versionId === selected)}
        onSelectionChange={({ detail }) => choose(detail.selectedItems[0]?.versionId)}
        trackBy={({ versionId }) => String(versionId)}
        ariaLabels={{
          tableLabel: 'Versions',
          selectionGroupLabel: 'Choose a version',
          itemSelectionLabel: (_, { versionId }) => `Version ${versionId}`,
        }}
        header={
          <Header
            variant="h2"
            counter={`(${all.length}/5)`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button {...off} onClick={() => changing.mutate('delete')}>
                  Delete version
                </Button>
                <Button {...off} onClick={() => changing.mutate('default')}>
                  Set as active
                </Button>
                <Button onClick={() => setWriting(true)}>Create version</Button>
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
          { id: 'created', header: 'Created', cell: (row) => <Moment at={row.creationDate} /> },
        ]}
      />
      {versions.error ? <ErrorNotice error={versions.error} /> : null}
      {changing.error ? <ErrorNotice error={changing.error} /> : null}
      {body.error ? <ErrorNotice error={body.error} /> : null}
      {body.data === undefined ? null : isWriting ? (
        <NewVersion
          templateName={templateName}
          body={readableDocument(body.data)}
          onDone={() => {
            setWriting(false)
            choose(undefined)
          }}
        />
      ) : (
        <Container header={<Header variant="h2">Body of version {selected}</Header>}>
          <DocumentView
            label={`Body of version ${selected}`}
            text={readableDocument(body.data)}
            what="body"
          />
        </Container>
      )}
    </SpaceBetween>
  )
}

function NewVersion(props: {
  readonly templateName: string
  readonly body: string
  readonly onDone: () => void
}): ReactNode {
  const { templateName, onDone } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const [body, setBody] = useState(props.body)
  const creating = useMutation({
    mutationFn: () =>
      iot.send(
        new CreateProvisioningTemplateVersionCommand({
          templateName,
          templateBody: body,
          setAsDefault: true,
        }),
      ),
    onSuccess: ({ versionId }) => {
      onDone()
      done(`Version ${versionId} of template ${templateName} is active.`)
    },
  })
  const fault = bodyFault(body)
  return (
    <Container header={<Header variant="h2">New version</Header>}>
      <SpaceBetween size="m">
        <JsonEditor
          label="Template body"
          value={body}
          onChange={setBody}
          problem={fault}
          height={420}
        />
        {creating.error ? <ErrorNotice error={creating.error} /> : null}
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={onDone}>
            Cancel
          </Button>
          <Button
            variant="primary"
            loading={creating.isPending}
            disabled={fault !== undefined}
            {...(fault === undefined ? {} : { disabledReason: fault })}
            onClick={() => creating.mutate()}
          >
            Save as active version
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  )
}
