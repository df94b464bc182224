/** The sign-in form: which endpoint, as whom. The same form serves a local server and AWS. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { Field } from '../ui/field.tsx'
import { sessionOf, type Session } from './session.ts'

interface Props {
  readonly initial: Session
  /** Why the page is asking, after a sign-in that did not work. */
  readonly problem?: string
  readonly onSignIn: (session: Session) => void
}

export function SignIn({ initial, problem, onSignIn }: Props): ReactNode {
  const [values, setValues] = useState({ sessionToken: '', roleArn: '', ...initial })
  const set = (name: keyof Session) => (value: string) =>
    setValues((before) => ({ ...before, [name]: value.trim() }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSignIn(sessionOf(values))
  }
  return (
    <main className="sign-in">
      <form className="card" aria-labelledby="sign-in-title" onSubmit={submit}>
        <h1 id="sign-in-title">Sign in to Muster</h1>
        <p className="quiet">
          The console speaks AWS’s own protocols. Keys stay in this browser tab and are only used to
          sign requests.
        </p>
        {problem === undefined ? null : (
          <p role="alert" className="notice bad">
            {problem}
          </p>
        )}
        <Field
          label="Access key ID"
          value={values.accessKeyId}
          onChange={set('accessKeyId')}
          required
        />
        <Field
          label="Secret access key"
          type="password"
          value={values.secretAccessKey}
          onChange={set('secretAccessKey')}
          required
        />
        <Field
          label="Session token"
          hint="Only for temporary credentials."
          value={values.sessionToken}
          onChange={set('sessionToken')}
        />
        <Field
          label="Role ARN (optional)"
          hint="Assumed with these keys; its own are used then, and renewed."
          value={values.roleArn}
          onChange={set('roleArn')}
        />
        <Field label="Region" value={values.region} onChange={set('region')} required />
        <Field
          label="Control-plane endpoint"
          hint="Empty for AWS: the region’s own"
          type="url"
          value={values.endpoint}
          onChange={set('endpoint')}
        />
        <Field
          label="MQTT endpoint"
          hint="Empty for AWS: the account’s own, asked for"
          type="url"
          value={values.dataEndpoint}
          onChange={set('dataEndpoint')}
        />
        <button type="submit" className="primary">
          Sign in
        </button>
      </form>
    </main>
  )
}
