import {
  GetRegistrationCodeCommand,
  RegisterCACertificateCommand,
  type CertificateMode,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { useDone } from '../ui/use-done.ts'
import { verificationLines } from './verification-lines.ts'

/** Registers an authority, with proof that its key is at hand. */
export function RegisterAuthorityPage(): ReactNode {
  return (
    <Page
      title="Register authority"
      above={[
        { text: 'Certificates', path: '/certificates' },
        { text: 'Certificate authorities', path: '/certificates?tab=authorities' },
      ]}
    >
      <RegisterForm />
    </Page>
  )
}

function RegisterForm(): ReactNode {
  const { iot } = useSignedIn()
  const done = useDone()
  const navigate = useNavigate()
  const [mode, setMode] = useState<CertificateMode>('DEFAULT')
  const [caCertificate, setCaCertificate] = useState('')
  const [verification, setVerification] = useState('')
  const [isActive, setActive] = useState(true)
  const [registersItself, setRegistersItself] = useState(false)
  const isVerified = mode === 'DEFAULT'
  const registering = useMutation({
    mutationFn: () =>
      iot.send(
        new RegisterCACertificateCommand({
          caCertificate,
          certificateMode: mode,
          setAsActive: isActive,
          allowAutoRegistration: registersItself,
          ...(isVerified ? { verificationCertificate: verification } : {}),
        }),
      ),
    onSuccess: ({ certificateId = '' }) => {
      void navigate(`/certificates/authorities/${certificateId}`)
      done('The authority was registered.')
    },
  })
  const refusal = pemRefusal(caCertificate, isVerified ? verification : undefined)
  return (
    <Form
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <PageButton to="/certificates?tab=authorities" variant="link">
            Cancel
          </PageButton>
          <Button
            variant="primary"
            loading={registering.isPending}
            disabled={refusal !== undefined}
            {...(refusal === undefined ? {} : { disabledReason: refusal })}
            onClick={() => registering.mutate()}
          >
            Register
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">Authority</Header>}>
          <SpaceBetween size="l">
            <FormField label="Mode">
              <RadioGroup
                value={mode}
                onChange={({ detail }) => setMode(detail.value as CertificateMode)}
                items={[
                  {
                    value: 'DEFAULT',
                    label: 'DEFAULT',
                    description:
                      'This account alone has the authority, and proves that it has its key.',
                  },
                  {
                    value: 'SNI_ONLY',
                    label: 'SNI_ONLY',
                    description:
                      'Several accounts may have it; devices name the endpoint when they connect.',
                  },
                ]}
              />
            </FormField>
            <PemField
              label="Certificate of the authority"
              value={caCertificate}
              onChange={setCaCertificate}
            />
            <Checkbox checked={isActive} onChange={({ detail }) => setActive(detail.checked)}>
              Activate it
            </Checkbox>
            <Checkbox
              checked={registersItself}
              onChange={({ detail }) => setRegistersItself(detail.checked)}
              description="A certificate that it signed is registered by its first connection."
            >
              Auto-registration of its certificates
            </Checkbox>
          </SpaceBetween>
        </Container>
        {isVerified ? <Verification value={verification} onChange={setVerification} /> : null}
        {registering.error ? <ErrorNotice error={registering.error} /> : null}
      </SpaceBetween>
    </Form>
  )
}

/** A certificate for the registration code, which only the holder of the authority's key can sign. */
function Verification(props: {
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactNode {
  const { iot } = useSignedIn()
  const code = useQuery({
    queryKey: ['registration-code'],
    queryFn: async () => (await iot.send(new GetRegistrationCodeCommand())).registrationCode ?? '',
  })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Sign a certificate whose common name is the account’s registration code with the authority’s key."
        >
          Verification
        </Header>
      }
    >
      <SpaceBetween size="l">
        {code.error ? <ErrorNotice error={code.error} /> : null}
        {code.data === undefined ? null : (
          <DocumentView
            label="Lines that make the verification certificate"
            text={verificationLines(code.data)}
            what="lines"
          />
        )}
        <PemField label="Verification certificate" {...props} />
      </SpaceBetween>
    </Container>
  )
}

function PemField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactNode {
  return (
    <FormField label={props.label} description="PEM, beginning with BEGIN CERTIFICATE." stretch>
      <Textarea
        rows={6}
        spellcheck={false}
        value={props.value}
        onChange={({ detail }) => props.onChange(detail.value)}
      />
    </FormField>
  )
}

function pemRefusal(caCertificate: string, verification: string | undefined): string | undefined {
  const isPem = (text: string): boolean => text.includes('-----BEGIN CERTIFICATE-----')
  if (!isPem(caCertificate)) return 'Give the authority’s certificate in PEM.'
  if (verification !== undefined && !isPem(verification)) {
    return 'Give the verification certificate in PEM.'
  }
  return undefined
}
