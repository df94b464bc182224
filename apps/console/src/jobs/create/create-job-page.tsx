/** The wizard that creates a job. */
import Alert from '@cloudscape-design/components/alert'
import Skeleton from '@cloudscape-design/components/skeleton'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Wizard from '@cloudscape-design/components/wizard'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useNowMs } from '../../admin/server-clock.ts'
import { useSignedIn } from '../../session/session-context.tsx'
import { useManagedTemplate } from '../../templates/template-queries.ts'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Page } from '../../ui/page.tsx'
import { createJob } from './create-job.ts'
import { DocumentStep } from './document-step.tsx'
import { FailuresStep } from './failures-step.tsx'
import type { JobForm } from './job-form.ts'
import { firstFaultyStep, problemsIn, steps, type Problems, type Step } from './job-problems.ts'
import { begin, startOf, type Begun } from './job-start.ts'
import { parameterFaults } from './managed-parameters.ts'
import { ReviewStep } from './review-step.tsx'
import { RolloutStep } from './rollout-step.tsx'
import { ScheduleStep } from './schedule-step.tsx'
import { TargetsStep } from './targets-step.tsx'

const above = [{ text: 'Jobs', path: '/jobs' }]

export function CreateJobPage(): ReactNode {
  const { iot } = useSignedIn()
  const [link] = useSearchParams()
  const [suffix] = useState(() => crypto.randomUUID().slice(0, 8))
  const start = startOf(link)
  const begun = useQuery({
    queryKey: ['create-job', suffix, start],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => begin(iot, start, suffix),
  })
  if (begun.error) {
    return (
      <Page title="Create job" above={above}>
        <ErrorNotice error={begun.error} onRetry={() => void begun.refetch()} />
      </Page>
    )
  }
  if (!begun.data) {
    return (
      <Page title="Create job" above={above}>
        <Skeleton />
      </Page>
    )
  }
  return <JobWizard key={JSON.stringify(start)} begun={begun.data} />
}

const titles: Readonly<Record<Step, string>> = {
  targets: 'Job and targets',
  document: 'Job document',
  rollout: 'Rollout',
  failures: 'Failures',
  schedule: 'Schedule',
  review: 'Review and create',
}

/** Steps that are good as they begin, so that one may skip to the review. */
const hasDefaults: ReadonlySet<Step> = new Set(['rollout', 'failures', 'schedule'])

function JobWizard({ begun }: { readonly begun: Begun }): ReactNode {
  const navigate = useNavigate()
  const nowMs = useNowMs()
  const [form, setForm] = useState(begun.form)
  const [at, setAt] = useState(0)
  const [asked, setAsked] = useState<ReadonlySet<Step>>(new Set())
  const missing = useMissingParameters(form)
  const problemsOf = (step: Step): Problems => ({
    ...problemsIn(step, form, nowMs),
    ...(step === 'document' && missing ? { parameters: missing } : {}),
  })
  const create = useCreate(form)
  const go = (index: number): void => {
    // Forward only past steps that can be used; whoever is sent back sees why.
    const barred = steps.findIndex(
      (step, before) => before < index && Object.keys(problemsOf(step)).length > 0,
    )
    const next = barred === -1 ? index : barred
    if (barred !== -1) setAsked((before) => new Set([...before, ...steps.slice(0, barred + 1)]))
    setAt(next)
  }
  const submit = (): void => {
    const faulty = missing ? 'document' : firstFaultyStep(form, nowMs)
    if (faulty) return go(steps.length)
    create.mutate()
  }
  const shown = (step: Step): Problems =>
    asked.has(step) || step === 'rollout' || step === 'schedule' ? problemsOf(step) : {}
  const props = (step: Step) => ({
    form,
    problems: shown(step),
    onChange: (changes: Partial<JobForm>) => setForm((before) => ({ ...before, ...changes })),
  })
  const contents: Readonly<Record<Step, ReactNode>> = {
    targets: <TargetsStep {...props('targets')} />,
    document: <DocumentStep {...props('document')} />,
    rollout: <RolloutStep {...props('rollout')} />,
    failures: <FailuresStep {...props('failures')} />,
    schedule: <ScheduleStep {...props('schedule')} />,
    review: <ReviewStep form={form} onGo={(step) => setAt(steps.indexOf(step))} />,
  }
  return (
    <Page title="Create job" above={above} hasOwnHeading>
      {begun.notice === undefined ? null : <Alert type="info">{begun.notice}</Alert>}
      <Wizard
        activeStepIndex={at}
        steps={steps.map((step) => ({
          title: titles[step],
          isOptional: hasDefaults.has(step),
          errorText: sentence(shown(step)),
          content: (
            <SpaceBetween size="l">
              {step === 'review' && create.error ? <ErrorNotice error={create.error} /> : null}
              {contents[step]}
            </SpaceBetween>
          ),
        }))}
        isLoadingNextStep={create.isPending}
        allowSkipTo
        submitButtonText="Create job"
        i18nStrings={{
          stepNumberLabel: (number) => `Step ${number}`,
          collapsedStepsLabel: (number, count) => `Step ${number} of ${count}`,
          skipToButtonLabel: ({ title }) => `Skip to ${title.toLowerCase()}`,
          navigationAriaLabel: 'Steps',
          cancelButton: 'Cancel',
          previousButton: 'Previous',
          nextButton: 'Next',
          optional: 'optional',
        }}
        onNavigate={({ detail }) => go(detail.requestedStepIndex)}
        onCancel={() => void navigate('/jobs')}
        onSubmit={submit}
      />
    </Page>
  )
}

function sentence(problems: Problems): string {
  const count = Object.keys(problems).length
  if (count === 0) return ''
  return count === 1 ? 'A field above needs attention.' : `${count} fields above need attention.`
}

/** What a managed template still wants, in a sentence. */
function useMissingParameters(form: JobForm): string | undefined {
  const isManaged = form.source === 'managed' && form.template !== ''
  const template = useManagedTemplate(isManaged ? form.template : undefined).data
  if (!isManaged || !template) return undefined
  const faults = parameterFaults(template.documentParameters ?? [], form.parameters)
  const [first] = Object.entries(faults)
  return first && `${first[0]}: ${first[1]}`
}

function useCreate(form: JobForm) {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { tell } = useNotices()
  return useMutation({
    mutationFn: () => createJob(iot, form),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['jobs'] })
      tell(`Job ${form.jobId} created.`)
      await navigate(`/jobs/${form.jobId}`)
    },
  })
}
