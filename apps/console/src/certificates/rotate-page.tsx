import type { CertificateDescription } from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useParams } from 'react-router'
import { CertificateFiles } from '../onboarding/certificate-files.tsx'
import { KeySourceField, keyRefusal } from '../onboarding/key-source-field.tsx'
import { canMakeKeys, type KeySource, type NewCertificate } from '../onboarding/new-certificate.ts'
import { useAttachedPolicies } from '../policies/policy-queries.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StepList } from '../ui/step-list.tsx'
import { useDone } from '../ui/use-done.ts'
import { useSteps } from '../ui/use-steps.ts'
import { CertificateConnections } from './connections.tsx'
import { useCertificate } from './certificate-queries.ts'
import { useAttachedThings } from '../policies/principal-facts.ts'
import { deactivation, rotation } from './rotation.ts'

/** Gives a certificate's things and policies a new one, and takes the old one out of service. */
export function RotatePage(): ReactNode {
  const { certificateId = '' } = useParams()
  const certificate = useCertificate(certificateId)
  return (
    <Page
      title="Rotate certificate"
      description="A new certificate in place of the old, which keeps working until the device has the new one."
      above={[
        { text: 'Certificates', path: '/certificates' },
        { text: `${certificateId.slice(0, 16)}…`, path: `/certificates/${certificateId}` },
      ]}
    >
      {certificate.error ? <ErrorNotice error={certificate.error} /> : null}
      {certificate.data ? <Rotation old={certificate.data} /> : null}
      {certificate.isLoading ? <Spinner /> : null}
    </Page>
  )
}

function Rotation({ old }: { readonly old: CertificateDescription }): ReactNode {
  const { certificateArn = '' } = old
  const { iot } = useSignedIn()
  const things = useAttachedThings(certificateArn)
  const policies = useAttachedPolicies(certificateArn)
  const [source, setSource] = useState<KeySource>(() => (canMakeKeys() ? 'page' : 'service'))
  const [csrPem, setCsr] = useState('')
  const [made, setMade] = useState<NewCertificate>()
  const making = useSteps()
  const isBegun = making.steps.length > 0
  const isRead = things.data !== undefined && policies.data !== undefined
  const refusal = isRead ? keyRefusal(source, csrPem) : 'Its things and policies are being read.'
  const thingNames = things.data?.map(({ thingName }) => thingName) ?? []
  const policyNames = policies.data?.flatMap(({ policyName }) => policyName ?? []) ?? []
  const begin = (): void => {
    const attached = { things: things.data ?? [], policyNames }
    void making.run(rotation(iot, { source, csrPem, attached, onMade: setMade }))
  }
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">1. A new certificate</Header>}>
        <SpaceBetween size="l">
          <div>
            It is attached to{' '}
            {thingNames.length === 0 ? 'no thing' : `thing ${thingNames.join(', ')}`} and{' '}
            {policyNames.length === 0 ? 'no policy' : `policy ${policyNames.join(', ')}`}, as the
            old one.
          </div>
          {isBegun ? (
            <StepList label="Making the new certificate" running={making} />
          ) : (
            <SpaceBetween size="m">
              <KeySourceField source={source} onSource={setSource} csrPem={csrPem} onCsr={setCsr} />
              <Button
                variant="primary"
                disabled={refusal !== undefined}
                {...(refusal === undefined ? {} : { disabledReason: refusal })}
                onClick={begin}
              >
                Make certificate
              </Button>
            </SpaceBetween>
          )}
        </SpaceBetween>
      </Container>
      {made && making.isDone ? (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">2. To the device</Header>}>
            <SpaceBetween size="m">
              <CertificateFiles certificate={made} fileStem={thingNames[0] ?? 'device'} />
              <div>
                <PageLink to={`/certificates/${made.certificateId}`}>The new certificate</PageLink>
              </div>
            </SpaceBetween>
          </Container>
          <CertificateConnections certificateId={made.certificateId} />
          <Retirement old={old} />
        </SpaceBetween>
      ) : null}
    </SpaceBetween>
  )
}

function Retirement({ old }: { readonly old: CertificateDescription }): ReactNode {
  const { certificateId = '' } = old
  const { iot } = useSignedIn()
  const retiring = useSteps()
  const done = useDone()
  const told = useRef(false)
  useEffect(() => {
    if (!retiring.isDone || told.current) return
    told.current = true
    done(`Certificate ${certificateId.slice(0, 12)}… is inactive.`)
  }, [retiring.isDone, certificateId, done])
  return (
    <Container header={<Header variant="h2">3. The old certificate</Header>}>
      <SpaceBetween size="m">
        <Alert type="warning">
          Deactivate it once the device has connected with the new one: whoever still uses it is cut
          off.
        </Alert>
        {retiring.steps.length > 0 ? (
          <StepList label="Taking the old certificate out of service" running={retiring} />
        ) : (
          <Button onClick={() => void retiring.run(deactivation(iot, certificateId))}>
            Deactivate the old certificate
          </Button>
        )}
      </SpaceBetween>
    </Container>
  )
}
