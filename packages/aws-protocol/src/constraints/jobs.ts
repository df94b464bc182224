/** Jobs and job templates: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import { whole } from './build.ts'
import * as shapes from './shapes.ts'

export const jobs: ServiceConstraints<'iot'> = {
  CreateJobRequest: {
    jobId: shapes.jobId,
    targets: shapes.jobTargets,
    documentSource: shapes.jobDocumentSource,
    document: shapes.jobDocument,
    description: shapes.jobDescription,
    targetSelection: shapes.targetSelection,
    namespaceId: shapes.namespaceId,
    jobTemplateArn: shapes.jobTemplateArn,
    documentParameters: shapes.parameterMap,
    destinationPackageVersions: shapes.destinationPackageVersions,
  },
  DescribeJobRequest: {
    jobId: shapes.jobId,
  },
  UpdateJobRequest: {
    jobId: shapes.jobId,
    description: shapes.jobDescription,
    namespaceId: shapes.namespaceId,
  },
  CancelJobRequest: {
    jobId: shapes.jobId,
    reasonCode: shapes.reasonCode,
    comment: shapes.comment,
  },
  DeleteJobRequest: {
    jobId: shapes.jobId,
    namespaceId: shapes.namespaceId,
  },
  GetJobDocumentRequest: {
    jobId: shapes.jobId,
  },
  ListJobsRequest: {
    status: shapes.jobStatus,
    targetSelection: shapes.targetSelection,
    maxResults: shapes.laserMaxResults,
    thingGroupName: shapes.thingGroupName,
    thingGroupId: shapes.thingGroupId,
    namespaceId: shapes.namespaceId,
  },
  AssociateTargetsWithJobRequest: {
    targets: shapes.jobTargets,
    jobId: shapes.jobId,
    comment: shapes.comment,
    namespaceId: shapes.namespaceId,
  },
  ListJobExecutionsForJobRequest: {
    jobId: shapes.jobId,
    status: shapes.jobExecutionStatus,
    maxResults: shapes.laserMaxResults,
  },
  ListJobExecutionsForThingRequest: {
    thingName: shapes.thingName,
    status: shapes.jobExecutionStatus,
    namespaceId: shapes.namespaceId,
    maxResults: shapes.laserMaxResults,
    jobId: shapes.jobId,
  },
  DescribeJobExecutionRequest: {
    jobId: shapes.jobId,
    thingName: shapes.thingName,
    executionNumber: whole(),
  },
  CancelJobExecutionRequest: {
    jobId: shapes.jobId,
    thingName: shapes.thingName,
    expectedVersion: whole(),
    statusDetails: shapes.detailsMap,
  },
  DeleteJobExecutionRequest: {
    jobId: shapes.jobId,
    thingName: shapes.thingName,
    executionNumber: whole(),
    namespaceId: shapes.namespaceId,
  },
  CreateJobTemplateRequest: {
    jobTemplateId: shapes.jobTemplateId,
    documentSource: shapes.jobDocumentSource,
    document: shapes.jobDocument,
    description: shapes.jobDescription,
    destinationPackageVersions: shapes.destinationPackageVersions,
  },
  DescribeJobTemplateRequest: {
    jobTemplateId: shapes.jobTemplateId,
  },
  DeleteJobTemplateRequest: {
    jobTemplateId: shapes.jobTemplateId,
  },
  ListJobTemplatesRequest: {
    maxResults: shapes.laserMaxResults,
  },
  DescribeManagedJobTemplateRequest: {
    templateName: shapes.managedJobTemplateName,
    templateVersion: shapes.managedTemplateVersion,
  },
  ListManagedJobTemplatesRequest: {
    templateName: shapes.managedJobTemplateName,
    maxResults: shapes.laserMaxResults,
  },
  PresignedUrlConfig: {
    expiresInSec: shapes.expiresInSec,
  },
  JobExecutionsRolloutConfig: {
    maximumPerMinute: shapes.maxJobExecutionsPerMin,
  },
  AbortConfig: {
    criteriaList: shapes.abortCriteriaList,
  },
  TimeoutConfig: {
    inProgressTimeoutInMinutes: whole(),
  },
  JobExecutionsRetryConfig: {
    criteriaList: shapes.retryCriteriaList,
  },
  SchedulingConfig: {
    startTime: shapes.stringDateTime,
    endTime: shapes.stringDateTime,
    endBehavior: shapes.jobEndBehavior,
  },
  ExponentialRolloutRate: {
    baseRatePerMinute: shapes.rolloutRatePerMinute,
    incrementFactor: shapes.incrementFactor,
  },
  MaintenanceWindow: {
    startTime: shapes.cronExpression,
    durationInMinutes: shapes.durationInMinutes,
  },
  RateIncreaseCriteria: {
    numberOfNotifiedThings: shapes.numberOfThings,
    numberOfSucceededThings: shapes.numberOfThings,
  },
  AbortCriteria: {
    failureType: shapes.jobExecutionFailureType,
    action: shapes.abortAction,
    thresholdPercentage: shapes.abortThresholdPercentage,
    minNumberOfExecutedThings: shapes.minimumNumberOfExecutedThings,
  },
  RetryCriteria: {
    failureType: shapes.retryableFailureType,
    numberOfRetries: shapes.numberOfRetries,
  },
}
