/** A claim certificate for a real device: good for five minutes and for one template alone. */
import { CreateProvisioningClaimCommand } from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Moment } from '../ui/moment.tsx'
import { CertificateFiles } from './certificate-files.tsx'

interface Props {
  readonly templateName: string
  readonly isEnabled: boolean
}

export function ProvisioningClaim({ templateName, isEnabled }: Props): ReactNode {
  const { iot } = useSignedIn()
  const creating = useMutation({
    mutationFn: () => iot.send(new CreateProvisioningClaimCommand({ templateName })),
  })
  const { data, error } = creating
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="A device connects with it, and buys its own certificate within five minutes."
          actions={
            <Button
              loading={creating.isPending}
              disabled={!isEnabled}
              disabledReason="Enable the template first."
              onClick={() => creating.mutate()}
            >
              Create claim
            </Button>
          }
        >
          Provisioning claim
        </Header>
      }
    >
      {error ? <ErrorNotice error={error} /> : null}
      {data ? (
        <SpaceBetween size="m">
          <Alert type="success">
            Claim certificate {data.certificateId?.slice(0, 12)}… is good until{' '}
            <Moment at={data.expiration} />.
          </Alert>
          <CertificateFiles
            certificate={{
              certificatePem: data.certificatePem ?? '',
              privateKeyPem: data.keyPair?.PrivateKey,
            }}
            fileStem="claim"
          />
        </SpaceBetween>
      ) : null}
    </Container>
  )
}
