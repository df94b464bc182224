/** What the wizard begins with: nothing, targets, another job, what of it failed, or a template. */
import {
  DescribeJobCommand,
  DescribeJobTemplateCommand,
  GetJobDocumentCommand,
  ListJobExecutionsForJobCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { indented } from '../document.ts'
import { targetOf } from '../targets.ts'
import { emptyForm, type JobForm } from './job-form.ts'
import { configsInForm } from './job-request.ts'

/** Targets a job may have (jobs J66). */
const targetsMax = 100

/** What the link asked for. */
export type Start =
  | { readonly name: 'empty' }
  /** Targets alone. */
  | { readonly name: 'for'; readonly things: readonly string[]; readonly groups: readonly string[] }
  /** Everything of a job, its targets too. */
  | { readonly name: 'like'; readonly jobId: string }
  /** Everything of a job, for the things on which it failed. */
  | { readonly name: 'again'; readonly jobId: string }
  | { readonly name: 'template'; readonly template: string }
  | { readonly name: 'managed'; readonly template: string }

/** A form and what there is to say about it. */
export interface Begun {
  readonly form: JobForm
  readonly notice?: string
}

/**
 * Reads the link: `?again=reboot`, `?like=reboot`, `?template=ota`, `?managed=AWS-Reboot`,
 * `?thing=pump-1&group=berlin`.
 */
export function startOf(link: URLSearchParams): Start {
  const [again, like] = [link.get('again'), link.get('like')]
  const [template, managed] = [link.get('template'), link.get('managed')]
  if (again !== null) return { name: 'again', jobId: again }
  if (like !== null) return { name: 'like', jobId: like }
  if (template !== null) return { name: 'template', template }
  if (managed !== null) return { name: 'managed', template: managed }
  const [things, groups] = [link.getAll('thing'), link.getAll('group')]
  return things.length + groups.length === 0 ? { name: 'empty' } : { name: 'for', things, groups }
}

/** @throws what the AWS calls throw */
export async function begin(iot: IoTClient, start: Start, suffix: string): Promise<Begun> {
  const form = emptyForm(suffix)
  switch (start.name) {
    case 'empty':
      return { form }
    case 'for':
      return { form: { ...form, groups: start.groups, things: start.things.join('\n') } }
    case 'template': {
      const jobTemplateId = start.template
      const template = await iot.send(new DescribeJobTemplateCommand({ jobTemplateId }))
      return {
        form: {
          ...form,
          ...configsInForm(template),
          source: 'template',
          template: start.template,
        },
      }
    }
    case 'managed':
      return { form: { ...form, source: 'managed', template: start.template } }
    case 'like':
      return likeJob(iot, form, start.jobId)
    case 'again':
      return againJob(iot, form, start.jobId)
  }
}

async function likeJob(iot: IoTClient, form: JobForm, jobId: string): Promise<Begun> {
  const { job = {} } = await iot.send(new DescribeJobCommand({ jobId }))
  const targets = (job.targets ?? []).map(targetOf)
  const of = (kind: 'thing' | 'thinggroup'): string[] =>
    targets.filter((target) => target.kind === kind).map(({ name }) => name)
  return {
    form: {
      ...form,
      ...configsInForm(job),
      description: job.description ?? '',
      document: await documentOf(iot, jobId),
      continuous: job.targetSelection === 'CONTINUOUS',
      groups: of('thinggroup'),
      things: of('thing').join('\n'),
    },
  }
}

async function againJob(iot: IoTClient, form: JobForm, jobId: string): Promise<Begun> {
  const [{ job = {} }, document, ...failed] = await Promise.all([
    iot.send(new DescribeJobCommand({ jobId })),
    documentOf(iot, jobId),
    ...(['FAILED', 'TIMED_OUT', 'REJECTED'] as const).map((status) =>
      iot.send(new ListJobExecutionsForJobCommand({ jobId, status, maxResults: 250 })),
    ),
  ])
  const names = new Set(
    failed
      .flatMap((page) => page.executionSummaries ?? [])
      .map((row) => row.thingArn?.split(':thing/')[1] ?? ''),
  )
  const isMore = names.size > targetsMax || failed.some((page) => page.nextToken !== undefined)
  const configs = configsInForm(job)
  return {
    form: {
      ...form,
      ...configs,
      // Windows are for jobs that go on; this one is for what is left of another.
      windows: [],
      description: `Again, after ${jobId}`,
      document,
      things: [...names].slice(0, targetsMax).join('\n'),
    },
    ...(isMore
      ? {
          notice: `More than ${targetsMax} things failed, and a job takes ${targetsMax} targets: these are the first. Put them into a group to target all.`,
        }
      : {}),
  }
}

async function documentOf(iot: IoTClient, jobId: string): Promise<string> {
  return indented((await iot.send(new GetJobDocumentCommand({ jobId }))).document ?? '')
}
