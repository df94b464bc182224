/** Provisioning templates and bulk registration: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import { whole } from './build.ts'
import * as shapes from './shapes.ts'

export const provisioning: ServiceConstraints<'iot'> = {
  CreateProvisioningTemplateRequest: {
    templateName: shapes.templateName,
    description: shapes.templateDescription,
    templateBody: shapes.templateBody,
    provisioningRoleArn: shapes.roleArn,
    type: shapes.templateType,
  },
  UpdateProvisioningTemplateRequest: {
    templateName: shapes.templateName,
    description: shapes.templateDescription,
    defaultVersionId: whole(),
    provisioningRoleArn: shapes.roleArn,
  },
  DescribeProvisioningTemplateRequest: {
    templateName: shapes.templateName,
  },
  DeleteProvisioningTemplateRequest: {
    templateName: shapes.templateName,
  },
  ListProvisioningTemplatesRequest: {
    maxResults: shapes.maxResults,
  },
  CreateProvisioningTemplateVersionRequest: {
    templateName: shapes.templateName,
    templateBody: shapes.templateBody,
  },
  DescribeProvisioningTemplateVersionRequest: {
    templateName: shapes.templateName,
    versionId: whole(),
  },
  DeleteProvisioningTemplateVersionRequest: {
    templateName: shapes.templateName,
    versionId: whole(),
  },
  ListProvisioningTemplateVersionsRequest: {
    templateName: shapes.templateName,
    maxResults: shapes.maxResults,
  },
  CreateProvisioningClaimRequest: {
    templateName: shapes.templateName,
  },
  RegisterThingRequest: {
    templateBody: shapes.templateBody,
    parameters: shapes.parameters,
  },
  StartThingRegistrationTaskRequest: {
    templateBody: shapes.templateBody,
    inputFileBucket: shapes.registryS3BucketName,
    inputFileKey: shapes.registryS3KeyName,
    roleArn: shapes.roleArn,
  },
  StopThingRegistrationTaskRequest: {
    taskId: shapes.taskId,
  },
  DescribeThingRegistrationTaskRequest: {
    taskId: shapes.taskId,
  },
  ListThingRegistrationTasksRequest: {
    maxResults: shapes.registryMaxResults,
    status: shapes.status,
  },
  ListThingRegistrationTaskReportsRequest: {
    taskId: shapes.taskId,
    reportType: shapes.reportType,
    maxResults: shapes.registryMaxResults,
  },
  ProvisioningHook: {
    payloadVersion: shapes.payloadVersion,
    targetArn: shapes.targetArn,
  },
}
