/** The sign-in form: which endpoint, as whom. The same form serves a local server and AWS. */
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { checkSession } from './sign-in-check.ts'
import { sessionOf, type Session } from './session.ts'

interface Props {
  readonly initial: Session
  /** What the console found when it tried by itself. */
  readonly problem?: unknown
  /** Takes a session that was tried and works. */
  readonly onSignIn: (session: Session) => void
}

type Values = Required<Session>

export function SignIn({ initial, problem, onSignIn }: Props): ReactNode {
  const [values, setValues] = useState<Values>({
    sessionToken: '',
    roleArn: '',
    externalId: '',
    adminToken: '',
    ...initial,
  })
  const signIn = useMutation({
    mutationFn: () => checkSession(sessionOf(values)),
    onSuccess: onSignIn,
  })
  useEffect(() => {
    document.title = 'Sign in · Muster'
  }, [])
  const missing = values.accessKeyId === '' || values.secretAccessKey === ''
  const [isAsked, setAsked] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (!missing && !signIn.isPending) signIn.mutate()
  }
  const field = (name: keyof Values, label: string, more: Partial<FieldProps> = {}): ReactNode => (
    <Field
      label={label}
      value={values[name]}
      onChange={(value) => setValues((before) => ({ ...before, [name]: value.trim() }))}
      errorText={
        isAsked && more.required && values[name] === '' ? `Enter the ${lower(label)}.` : ''
      }
      {...more}
    />
  )
  const error = signIn.error ?? problem
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <Form actions={<SubmitButton isBusy={signIn.isPending} />}>
          <Container
            header={
              <Header
                variant="h1"
                description="The console speaks AWS’s own protocols. Keys stay in this page’s memory and only sign requests."
              >
                Sign in to Muster
              </Header>
            }
          >
            <SpaceBetween size="m">
              {error === undefined || error === null ? null : <ErrorNotice error={error} />}
              {field('accessKeyId', 'Access key ID', { required: true })}
              {field('secretAccessKey', 'Secret access key', { required: true, type: 'password' })}
              {field('sessionToken', 'Session token', {
                description: 'Only for temporary credentials.',
                type: 'password',
              })}
              {field('roleArn', 'Role ARN (optional)', {
                description: 'Assumed with these keys; its own are used then, and renewed.',
              })}
              {field('externalId', 'External ID (optional)', {
                description: 'Only where the role’s trust asks for one.',
              })}
              {field('region', 'Region')}
              <ExpandableSection headerText="Endpoints">
                <SpaceBetween size="m">
                  {field('endpoint', 'Control-plane endpoint', {
                    description: 'Empty for AWS: the region’s own',
                  })}
                  {field('dataEndpoint', 'MQTT endpoint', {
                    description: 'Empty for AWS: the account’s own, asked for',
                  })}
                  {field('adminToken', 'Admin token', {
                    description: 'Only for a Muster server that was started with one.',
                    type: 'password',
                  })}
                </SpaceBetween>
              </ExpandableSection>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </main>
  )
}

function SubmitButton({ isBusy }: { readonly isBusy: boolean }): ReactNode {
  return (
    <Button variant="primary" formAction="submit" loading={isBusy} loadingText="Signing in">
      Sign in
    </Button>
  )
}

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly description?: string
  readonly errorText?: string
  readonly required?: boolean
  readonly type?: InputProps.Type
}

function Field({ label, value, onChange, description, errorText, type }: FieldProps): ReactNode {
  return (
    <FormField label={label} description={description} errorText={errorText}>
      <Input
        value={value}
        type={type ?? 'text'}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  )
}

function lower(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1)
}
