/**
 * Handlers of the Jobs control plane (jobs §4).
 */
import type { CreateJobRequest, CreateJobTemplateRequest } from '@aws-sdk/client-iot'
import type { JobsShell } from '../jobs/jobs-shell.ts'
import { handle } from './handle.ts'
import type { ReadDocumentSource } from './jobs-document-source.ts'
import type { OperationHandlers } from './operation.ts'

/** Jobs, executions and templates; event configurations and tags are the registry's. */
export function jobsOperations(
  { engine, nowMs }: JobsShell,
  readSource: ReadDocumentSource,
): OperationHandlers {
  return {
    CreateJob: async (call) => {
      const input = call.input as unknown as CreateJobRequest
      if (input.documentSource === undefined || input.document !== undefined) {
        return engine.createJob(input, call.nowMs)
      }
      const fetched = await readSource(input.documentSource)
      return fetched.ok ? engine.createJob(input, nowMs(), fetched.value) : fetched
    },
    CreateJobTemplate: async (call) => {
      const input = call.input as unknown as CreateJobTemplateRequest
      if (input.documentSource === undefined || input.document !== undefined) {
        return engine.createJobTemplate(input, call.nowMs)
      }
      const fetched = await readSource(input.documentSource)
      return fetched.ok ? engine.createJobTemplate(input, nowMs(), fetched.value) : fetched
    },
    DescribeJob: handle(engine.describeJob.bind(engine)),
    UpdateJob: handle(engine.updateJob.bind(engine)),
    CancelJob: handle(engine.cancelJob.bind(engine)),
    DeleteJob: handle(engine.deleteJob.bind(engine)),
    GetJobDocument: handle(engine.getJobDocument.bind(engine)),
    ListJobs: handle(engine.listJobs.bind(engine)),
    AssociateTargetsWithJob: handle(engine.associateTargetsWithJob.bind(engine)),
    ListJobExecutionsForJob: handle(engine.listJobExecutionsForJob.bind(engine)),
    ListJobExecutionsForThing: handle(engine.listJobExecutionsForThing.bind(engine)),
    DescribeJobExecution: handle(engine.describeJobExecution.bind(engine)),
    CancelJobExecution: handle(engine.cancelJobExecution.bind(engine)),
    DeleteJobExecution: handle(engine.deleteJobExecution.bind(engine)),
    DescribeJobTemplate: handle(engine.describeJobTemplate.bind(engine)),
    DeleteJobTemplate: handle(engine.deleteJobTemplate.bind(engine)),
    ListJobTemplates: handle(engine.listJobTemplates.bind(engine)),
    DescribeManagedJobTemplate: handle(engine.describeManagedJobTemplate.bind(engine)),
    ListManagedJobTemplates: handle(engine.listManagedJobTemplates.bind(engine)),
  }
}
