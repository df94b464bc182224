/** Fills the form from a job whose executions failed on some things. */
import {
  DescribeJobCommand,
  GetJobDocumentCommand,
  ListJobExecutionsForJobCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { formLike, type JobForm } from './job-form.ts'

/** Targets a job may have (jobs J66). */
const targetsMax = 100

/** @throws what the AWS calls throw */
export async function formAgain(iot: IoTClient, jobId: string, form: JobForm): Promise<JobForm> {
  const [described, document, ...failed] = await Promise.all([
    iot.send(new DescribeJobCommand({ jobId })),
    iot.send(new GetJobDocumentCommand({ jobId })),
    ...(['FAILED', 'TIMED_OUT', 'REJECTED'] as const).map((status) =>
      iot.send(new ListJobExecutionsForJobCommand({ jobId, status, maxResults: targetsMax })),
    ),
  ])
  const things = failed
    .flatMap((page) => page.executionSummaries ?? [])
    .map((row) => row.thingArn?.split(':thing/')[1] ?? '')
  return formLike(form, described.job ?? {}, document.document ?? '', things.slice(0, targetsMax))
}
