/**
 * The provisioning family of operations, as members of the registry.
 */
import type * as iot from '@aws-sdk/client-iot'
import type { Outcome } from '@muster/model'
import type { KeyPairPem } from '../certificate/create-certificate.ts'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import {
  beginFleetRegistration,
  completeFleetRegistration,
  createOwnedCertificate,
  type CertificateSource,
  type FleetRegistered,
  type FleetRegistration,
  type FleetRegistrationBegun,
  type OwnedCertificate,
} from './fleet-provisioning.ts'
import { registerJustInTime, type JustInTimeRegistration } from './just-in-time.ts'
import { expireProvisioning, nextProvisioningExpiryMs } from './ownership-token.ts'
import { createProvisioningClaim } from './provisioning-claim.ts'
import {
  createProvisioningTemplate,
  describeProvisioningTemplate,
  updateProvisioningTemplate,
  deleteProvisioningTemplate,
  listProvisioningTemplates,
} from './provisioning-template.ts'
import {
  createProvisioningTemplateVersion,
  describeProvisioningTemplateVersion,
  deleteProvisioningTemplateVersion,
  listProvisioningTemplateVersions,
} from './provisioning-template-version.ts'
import { registerThing } from './register-thing.ts'
import {
  startThingRegistrationTask,
  stopThingRegistrationTask,
  describeThingRegistrationTask,
  findRegistrationTask,
  listThingRegistrationTasks,
  reportRegistrationTask,
  runningRegistrationTask,
  type RegistrationTaskProgress,
} from './thing-registration-task.ts'
import type { JustInTimeOutcome, ProvisioningOutcome } from './provisioning-code.ts'
import type { RegistrationTaskRecord } from './provisioning-record.ts'

/** Operations and steps of provisioning (gateway G96 to G114). */
export interface ProvisioningOperations {
  readonly createProvisioningTemplate: Operation<
    iot.CreateProvisioningTemplateRequest,
    iot.CreateProvisioningTemplateResponse
  >
  readonly describeProvisioningTemplate: Operation<
    iot.DescribeProvisioningTemplateRequest,
    iot.DescribeProvisioningTemplateResponse
  >
  readonly updateProvisioningTemplate: Operation<iot.UpdateProvisioningTemplateRequest, object>
  readonly deleteProvisioningTemplate: Operation<iot.DeleteProvisioningTemplateRequest, object>
  readonly listProvisioningTemplates: Operation<
    iot.ListProvisioningTemplatesRequest,
    iot.ListProvisioningTemplatesResponse
  >
  readonly createProvisioningTemplateVersion: Operation<
    iot.CreateProvisioningTemplateVersionRequest,
    iot.CreateProvisioningTemplateVersionResponse
  >
  readonly describeProvisioningTemplateVersion: Operation<
    iot.DescribeProvisioningTemplateVersionRequest,
    iot.DescribeProvisioningTemplateVersionResponse
  >
  readonly deleteProvisioningTemplateVersion: Operation<
    iot.DeleteProvisioningTemplateVersionRequest,
    object
  >
  readonly listProvisioningTemplateVersions: Operation<
    iot.ListProvisioningTemplateVersionsRequest,
    iot.ListProvisioningTemplateVersionsResponse
  >
  readonly registerThing: Operation<iot.RegisterThingRequest, iot.RegisterThingResponse>
  readonly startThingRegistrationTask: Operation<
    iot.StartThingRegistrationTaskRequest,
    iot.StartThingRegistrationTaskResponse
  >
  readonly stopThingRegistrationTask: Operation<iot.StopThingRegistrationTaskRequest, object>
  readonly describeThingRegistrationTask: Operation<
    iot.DescribeThingRegistrationTaskRequest,
    iot.DescribeThingRegistrationTaskResponse
  >
  readonly listThingRegistrationTasks: Operation<
    iot.ListThingRegistrationTasksRequest,
    iot.ListThingRegistrationTasksResponse
  >
  /** @param keyPair - made beforehand, off the main thread */
  createProvisioningClaim(
    input: iot.CreateProvisioningClaimRequest,
    keyPair: KeyPairPem,
    nowMs: number,
  ): Outcome<iot.CreateProvisioningClaimResponse>
  /** {@link createOwnedCertificate} */
  createOwnedCertificate(
    source: CertificateSource,
    ownerCertificateId: string,
    nowMs: number,
  ): Outcome<OwnedCertificate>
  /** {@link beginFleetRegistration} */
  beginFleetRegistration(
    request: FleetRegistration,
    nowMs: number,
  ): ProvisioningOutcome<FleetRegistrationBegun>
  /** {@link completeFleetRegistration} */
  completeFleetRegistration(
    request: FleetRegistration,
    parameterOverrides: ReadonlyMap<string, string>,
    nowMs: number,
  ): ProvisioningOutcome<FleetRegistered>
  /** {@link registerJustInTime} */
  registerJustInTime(
    certificatePem: string,
    nowMs: number,
  ): JustInTimeOutcome<JustInTimeRegistration>
  /** {@link expireProvisioning} */
  expireProvisioning(nowMs: number): void
  /** {@link nextProvisioningExpiryMs} */
  nextProvisioningExpiryMs(): number | undefined
  /** {@link reportRegistrationTask} */
  reportRegistrationTask(taskId: string, progress: RegistrationTaskProgress, nowMs: number): void
  /** {@link findRegistrationTask} */
  registrationTask(taskId: string | undefined): Outcome<RegistrationTaskRecord>
  /** {@link runningRegistrationTask} */
  runningRegistrationTask(): RegistrationTaskRecord | undefined
}

/** Binds the family to a state. */
export function provisioningOperations(state: RegistryState): ProvisioningOperations {
  return {
    createProvisioningTemplate: (input, nowMs) => createProvisioningTemplate(state, input, nowMs),
    describeProvisioningTemplate: (input) => describeProvisioningTemplate(state, input),
    updateProvisioningTemplate: (input, nowMs) => updateProvisioningTemplate(state, input, nowMs),
    deleteProvisioningTemplate: (input) => deleteProvisioningTemplate(state, input),
    listProvisioningTemplates: (input) => listProvisioningTemplates(state, input),
    createProvisioningTemplateVersion: (input, nowMs) =>
      createProvisioningTemplateVersion(state, input, nowMs),
    describeProvisioningTemplateVersion: (input) =>
      describeProvisioningTemplateVersion(state, input),
    deleteProvisioningTemplateVersion: (input, nowMs) =>
      deleteProvisioningTemplateVersion(state, input, nowMs),
    listProvisioningTemplateVersions: (input) => listProvisioningTemplateVersions(state, input),
    registerThing: (input, nowMs) => registerThing(state, input, nowMs),
    startThingRegistrationTask: (input, nowMs) => startThingRegistrationTask(state, input, nowMs),
    stopThingRegistrationTask: (input, nowMs) => stopThingRegistrationTask(state, input, nowMs),
    describeThingRegistrationTask: (input) => describeThingRegistrationTask(state, input),
    listThingRegistrationTasks: (input) => listThingRegistrationTasks(state, input),
    createProvisioningClaim: (input, keyPair, nowMs) =>
      createProvisioningClaim(state, input, keyPair, nowMs),
    createOwnedCertificate: (source, ownerCertificateId, nowMs) =>
      createOwnedCertificate(state, source, ownerCertificateId, nowMs),
    beginFleetRegistration: (request, nowMs) => beginFleetRegistration(state, request, nowMs),
    completeFleetRegistration: (request, parameterOverrides, nowMs) =>
      completeFleetRegistration(state, request, parameterOverrides, nowMs),
    registerJustInTime: (certificatePem, nowMs) => registerJustInTime(state, certificatePem, nowMs),
    expireProvisioning: (nowMs) => expireProvisioning(state, nowMs),
    nextProvisioningExpiryMs: () => nextProvisioningExpiryMs(state),
    reportRegistrationTask: (taskId, progress, nowMs) =>
      reportRegistrationTask(state, taskId, progress, nowMs),
    registrationTask: (taskId) => findRegistrationTask(state, taskId),
    runningRegistrationTask: () => runningRegistrationTask(state),
  }
}
