/** The form that creates a job; with `?like=JOB` it begins as that job for what failed. */
import {
  CreateJobCommand,
  DescribeThingCommand,
  DescribeThingGroupCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Panel } from '../ui/panel.tsx'
import { FailureFields, RolloutFields } from './configuration-fields.tsx'
import { createJobRequest, emptyForm, problemsIn, thingNames, type JobForm } from './job-form.ts'
import { formAgain } from './job-again.ts'
import { TargetFields } from './target-fields.tsx'

/** Changes one value of the form. */
export type Change = <Name extends keyof JobForm>(name: Name, value: JobForm[Name]) => void

export function CreateJobPage(): ReactNode {
  const { iot } = useSignedIn()
  const [search] = useSearchParams()
  const like = search.get('like')
  const [form, setForm] = useState(() => emptyForm(Date.now().toString(36)))
  const [tried, setTried] = useState(false)
  const navigate = useNavigate()
  const again = useQuery({
    queryKey: ['again', like],
    enabled: like !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => formAgain(iot, like ?? '', emptyForm(Date.now().toString(36))),
  })
  useEffect(() => {
    if (again.data) setForm(again.data)
  }, [again.data])
  const create = useMutation({
    mutationFn: async () => iot.send(new CreateJobCommand(await request(iot, form))),
    onSuccess: () => navigate(`/jobs/${form.jobId}`),
  })
  const problems = problemsIn(form)
  const change: Change = (name, value) => setForm((before) => ({ ...before, [name]: value }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(problems).length === 0) create.mutate()
  }
  const shown = tried ? problems : {}
  return (
    <>
      <h1>Create job</h1>
      {again.error ? <ErrorNotice error={again.error} /> : null}
      <form className="create-job" aria-label="Create job" noValidate onSubmit={submit}>
        <Panel title="What">
          <Field
            label="Job ID"
            value={form.jobId}
            onChange={(value) => change('jobId', value)}
            problem={shown.jobId}
          />
          <Field
            label="Description"
            value={form.description}
            onChange={(value) => change('description', value)}
          />
          <Field
            label="Document"
            hint="JSON; devices receive it as it stands."
            rows={8}
            value={form.document}
            onChange={(value) => change('document', value)}
            problem={shown.document}
          />
        </Panel>
        <TargetFields form={form} change={change} problems={shown} />
        <RolloutFields form={form} change={change} problems={shown} />
        <FailureFields form={form} change={change} problems={shown} />
        {create.error ? <ErrorNotice error={create.error} /> : null}
        {tried && Object.keys(problems).length > 0 ? (
          <p role="alert" className="notice bad">
            {Object.keys(problems).length} of the fields above need attention.
          </p>
        ) : null}
        <div className="row end">
          <button type="submit" className="primary" disabled={create.isPending}>
            Create job
          </button>
        </div>
      </form>
    </>
  )
}

/**
 * The service wants ARNs: they are read from the registry rather than put together, so that a name
 * that does not exist says so and the console need not know the account.
 */
async function request(
  iot: IoTClient,
  form: JobForm,
): Promise<ReturnType<typeof createJobRequest>> {
  const things = await Promise.all(
    thingNames(form).map(async (thingName) => {
      const thing = await iot.send(new DescribeThingCommand({ thingName }))
      return [thingName, thing.thingArn ?? ''] as const
    }),
  )
  const groups = await Promise.all(
    form.groups.map(async (thingGroupName) => {
      const group = await iot.send(new DescribeThingGroupCommand({ thingGroupName }))
      return [thingGroupName, group.thingGroupArn ?? ''] as const
    }),
  )
  const arnOf = (pairs: (readonly [string, string])[]): ((name: string) => string) => {
    const byName = new Map(pairs)
    return (name) => byName.get(name) ?? ''
  }
  return createJobRequest(form, { thing: arnOf(things), group: arnOf(groups) })
}
