/** The things that a certificate is attached to: attach it to more, or detach it. */
import {
  AttachThingPrincipalCommand,
  DetachThingPrincipalCommand,
  type ThingPrincipalType,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useDone } from '../ui/use-done.ts'
import { useConnectivity } from './connectivity.ts'
import { useAttachedThings } from '../policies/principal-facts.ts'

interface Props {
  readonly certificateArn: string
}

/** A thing and how the certificate is attached to it. */
interface Row {
  readonly thingName: string
  readonly how: string
  /** undefined where it is not known. */
  readonly isConnected: boolean | undefined
}

export function AttachedThings({ certificateArn }: Props): ReactNode {
  const things = useAttachedThings(certificateArn)
  const connected = useConnectivity(things.data?.map(({ thingName }) => thingName) ?? [])
  const [isAttaching, setAttaching] = useState(false)
  const [detached, detach] = useState<readonly Row[]>()
  return (
    <>
      <ListTable<Row>
        title="Attached things"
        items={things.data?.map(({ thingName, exclusive }) => ({
          thingName,
          how: exclusive ? 'exclusive' : 'shared',
          isConnected: connected.data?.get(thingName),
        }))}
        error={things.error}
        onRetry={() => void things.refetch()}
        columns={[
          {
            id: 'thingName',
            header: 'Thing',
            sortingField: 'thingName',
            isRowHeader: true,
            cell: ({ thingName }) => (
              <PageLink to={`/things/${encodeURIComponent(thingName)}`}>{thingName}</PageLink>
            ),
          },
          {
            id: 'connection',
            header: 'Connection',
            cell: ({ isConnected }) => <Connection isConnected={isConnected} />,
          },
          { id: 'how', header: 'Attached as', sortingField: 'how', cell: ({ how }) => how },
        ]}
        filters={[
          {
            key: 'thingName',
            propertyLabel: 'Thing',
            groupValuesLabel: 'Things',
            operators: [':', '=', '!='],
          },
        ]}
        sort="thingName"
        trackBy={({ thingName }) => thingName}
        selectionName={({ thingName }) => thingName}
        empty="It is attached to no thing: policy variables of things have no value."
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={selected.length === 0}
              disabledReason="Select things first."
              onClick={() => detach(selected)}
            >
              Detach things
            </Button>
            <Button onClick={() => setAttaching(true)}>Attach to thing</Button>
          </SpaceBetween>
        )}
      />
      {isAttaching ? (
        <AttachThing certificateArn={certificateArn} onClose={() => setAttaching(false)} />
      ) : null}
      {detached ? (
        <DetachThings
          certificateArn={certificateArn}
          thingNames={detached.map(({ thingName }) => thingName)}
          onClose={() => detach(undefined)}
        />
      ) : null}
    </>
  )
}

function Connection({ isConnected }: Pick<Row, 'isConnected'>): ReactNode {
  if (isConnected === undefined) return '–'
  return (
    <StatusIndicator type={isConnected ? 'success' : 'stopped'}>
      {isConnected ? 'connected' : 'not connected'}
    </StatusIndicator>
  )
}

function AttachThing({ certificateArn, onClose }: Props & { readonly onClose: () => void }) {
  const { iot } = useSignedIn()
  const done = useDone()
  const [thingName, setThingName] = useState('')
  const [isExclusive, setExclusive] = useState(false)
  const thingPrincipalType: ThingPrincipalType = isExclusive
    ? 'EXCLUSIVE_THING'
    : 'NON_EXCLUSIVE_THING'
  return (
    <Confirm
      title="Attach to thing"
      verb="Attach"
      refusal={thingName === '' ? 'Name the thing.' : undefined}
      act={() =>
        iot.send(
          new AttachThingPrincipalCommand({
            thingName,
            principal: certificateArn,
            thingPrincipalType,
          }),
        )
      }
      onDone={() => {
        onClose()
        done(`The certificate was attached to thing ${thingName}.`)
      }}
      onClose={onClose}
    >
      <FormField label="Thing name">
        <Input value={thingName} onChange={({ detail }) => setThingName(detail.value)} />
      </FormField>
      <Checkbox
        checked={isExclusive}
        onChange={({ detail }) => setExclusive(detail.checked)}
        description="Its variables then have this thing’s values whatever the client ID."
      >
        The thing is the only one that the certificate is attached to
      </Checkbox>
    </Confirm>
  )
}

function DetachThings(
  props: Props & { readonly thingNames: readonly string[]; readonly onClose: () => void },
): ReactNode {
  const { certificateArn, thingNames, onClose } = props
  const { iot } = useSignedIn()
  const done = useDone()
  return (
    <Confirm
      title={`Detach from ${thingNames.join(', ')}?`}
      verb="Detach"
      act={async () => {
        for (const thingName of thingNames) {
          const input = { thingName, principal: certificateArn }
          await iot.send(new DetachThingPrincipalCommand(input))
        }
      }}
      onDone={() => {
        onClose()
        done(`The certificate was detached from ${thingNames.join(', ')}.`)
      }}
      onClose={onClose}
    >
      Policy variables of the thing lose their value, for connected devices too.
    </Confirm>
  )
}
