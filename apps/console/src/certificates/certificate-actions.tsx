/** What can be done with a certificate. */
import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  DeleteCertificateCommand,
  RejectCertificateTransferCommand,
  TransferCertificateCommand,
  UpdateCertificateCommand,
  type CertificateDescription,
  type IoTClient,
} from '@aws-sdk/client-iot'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { useDone } from '../ui/use-done.ts'
import { certificateChanges, type CertificateChange } from './certificate-changes.ts'

interface Props {
  readonly certificate: CertificateDescription
}

export function CertificateActions({ certificate }: Props): ReactNode {
  const { certificateId = '', status = 'INACTIVE' } = certificate
  const [asked, ask] = useState<CertificateChange>()
  const changes = certificateChanges(status)
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown
        items={changes.map(({ id, text, refusal }) => ({
          id,
          text,
          ...(refusal === undefined ? {} : { disabled: true, disabledReason: refusal }),
        }))}
        onItemClick={({ detail }) => ask(changes.find(({ id }) => id === detail.id))}
      >
        Actions
      </ButtonDropdown>
      <PageButton variant="primary" to={`/certificates/${certificateId}/rotate`}>
        Rotate
      </PageButton>
      {asked ? (
        <ConfirmChange
          certificateId={certificateId}
          change={asked}
          onClose={() => ask(undefined)}
        />
      ) : null}
    </SpaceBetween>
  )
}

/** What was done, as the notice tells it. */
const told: Readonly<Record<CertificateChange['id'], string>> = {
  activate: 'is active',
  deactivate: 'is inactive',
  revoke: 'is revoked',
  delete: 'was deleted',
  transfer: 'was offered to the other account',
  accept: 'was accepted',
  reject: 'was rejected',
  cancel: 'stays: the transfer was canceled',
}

function ConfirmChange(props: {
  readonly certificateId: string
  readonly change: CertificateChange
  readonly onClose: () => void
}): ReactNode {
  const { certificateId, onClose } = props
  const { id, text, consequence } = props.change
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const isTransfer = id === 'transfer'
  const refusal =
    isTransfer && !/^\d{12}$/.test(typed) ? 'An account number has 12 digits.' : undefined
  return (
    <Confirm
      title={`${text} certificate ${certificateId.slice(0, 12)}…?`}
      verb={text}
      refusal={refusal}
      act={() => change(iot, id, certificateId, typed)}
      onDone={() => {
        onClose()
        if (id === 'delete') void navigate('/certificates')
        done(`Certificate ${certificateId.slice(0, 12)}… ${told[id]}.`)
      }}
      onClose={onClose}
    >
      {consequence}
      {isTransfer ? (
        <FormField label="Account">
          <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      ) : null}
    </Confirm>
  )
}

function change(
  iot: IoTClient,
  id: CertificateChange['id'],
  certificateId: string,
  targetAwsAccount: string,
): Promise<unknown> {
  switch (id) {
    case 'activate':
      return iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'ACTIVE' }))
    case 'deactivate':
      return iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
    case 'revoke':
      return iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'REVOKED' }))
    case 'delete':
      return iot.send(new DeleteCertificateCommand({ certificateId }))
    case 'transfer':
      return iot.send(new TransferCertificateCommand({ certificateId, targetAwsAccount }))
    case 'accept':
      return iot.send(new AcceptCertificateTransferCommand({ certificateId, setAsActive: true }))
    case 'reject':
      return iot.send(new RejectCertificateTransferCommand({ certificateId }))
    case 'cancel':
      return iot.send(new CancelCertificateTransferCommand({ certificateId }))
  }
}
