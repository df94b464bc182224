import { passingRole, tagging } from '../../authorization/operator-permissions.ts'
import { arns, job, jobTemplate, named, thing } from '../../authorization/operator-resources.ts'
import { withDocument } from '../jobs-document-source.ts'
import type { Operations } from '../operation-row.ts'

const rate = { perSecond: 10 } as const

/** The Jobs control plane (jobs section 4, authz J1 to J10). */
export const jobs: Operations<'iot'> = {
  // The template, packages and targets only where the request names them (authz X16).
  CreateJob: {
    rule:
      ({ jobs: { engine }, clock, groupBuilds, readDocumentSource }) =>
      async (input) => {
        // A snapshot of a group half built would leave devices out for ever.
        await groupBuilds.settle()
        return withDocument(readDocumentSource, input, (document) =>
          engine.createJob(input, clock.nowMs(), document),
        )
      },
    resources: [job, arns('targets'), arns('jobTemplateArn'), arns('destinationPackageVersions')],
    also: (account, input) => [
      ...tagging(account, job, input),
      ...passingRole(input.presignedUrlConfig?.roleArn),
    ],
    rate,
  },
  DescribeJob: {
    rule: ({ jobs: { engine } }) => engine.describeJob.bind(engine),
    resources: [job],
    rate,
  },
  UpdateJob: {
    rule: ({ jobs: { engine } }) => engine.updateJob.bind(engine),
    resources: [job],
    rate,
  },
  CancelJob: {
    rule: ({ jobs: { engine } }) => engine.cancelJob.bind(engine),
    resources: [job],
    rate,
  },
  DeleteJob: {
    rule: ({ jobs: { engine } }) => engine.deleteJob.bind(engine),
    resources: [job],
    rate,
  },
  GetJobDocument: {
    rule: ({ jobs: { engine } }) => engine.getJobDocument.bind(engine),
    resources: [job],
    rate,
  },
  ListJobs: { rule: ({ jobs: { engine } }) => engine.listJobs.bind(engine), rate },
  AssociateTargetsWithJob: {
    rule: ({ jobs: { engine } }) => engine.associateTargetsWithJob.bind(engine),
    resources: [job, arns('targets')],
    rate,
  },
  ListJobExecutionsForJob: {
    rule: ({ jobs: { engine } }) => engine.listJobExecutionsForJob.bind(engine),
    resources: [job],
    rate,
  },
  ListJobExecutionsForThing: {
    rule: ({ jobs: { engine } }) => engine.listJobExecutionsForThing.bind(engine),
    resources: [thing],
    rate,
  },
  DescribeJobExecution: {
    rule: ({ jobs: { engine } }) => engine.describeJobExecution.bind(engine),
    resources: [job, thing],
    rate,
  },
  CancelJobExecution: {
    rule: ({ jobs: { engine } }) => engine.cancelJobExecution.bind(engine),
    resources: [job, thing],
    rate,
  },
  DeleteJobExecution: {
    rule: ({ jobs: { engine } }) => engine.deleteJobExecution.bind(engine),
    resources: [job, thing],
    rate,
  },
  CreateJobTemplate: {
    rule:
      ({ jobs: { engine }, clock, readDocumentSource }) =>
      (input, nowMs) =>
        withDocument(readDocumentSource, input, (document) =>
          engine.createJobTemplate(input, document === undefined ? nowMs : clock.nowMs(), document),
        ),
    resources: [jobTemplate, arns('jobArn'), arns('destinationPackageVersions')],
    also: (account, input) => [
      ...tagging(account, jobTemplate, input),
      ...passingRole(input.presignedUrlConfig?.roleArn),
    ],
    rate,
  },
  DescribeJobTemplate: {
    rule: ({ jobs: { engine } }) => engine.describeJobTemplate.bind(engine),
    resources: [jobTemplate],
    rate,
  },
  DeleteJobTemplate: {
    rule: ({ jobs: { engine } }) => engine.deleteJobTemplate.bind(engine),
    resources: [jobTemplate],
    rate,
  },
  ListJobTemplates: { rule: ({ jobs: { engine } }) => engine.listJobTemplates.bind(engine), rate },
  DescribeManagedJobTemplate: {
    rule: ({ jobs: { engine } }) => engine.describeManagedJobTemplate.bind(engine),
    resources: [named('jobtemplate', 'templateName')],
    rate,
  },
  ListManagedJobTemplates: {
    rule: ({ jobs: { engine } }) => engine.listManagedJobTemplates.bind(engine),
    rate,
  },
}
