/**
 * The AWS operations of the registry, as functions `(state, input, nowMs) => Outcome<output>`;
 * those that give out a key pair take it after their input. A new operation is a line here, or in
 * `sliced-operations.ts`.
 */

// Things and types (gateway G67 to G74).
export { createThing } from './thing/create-thing.ts'
export { describeThing } from './thing/describe-thing.ts'
export { deleteThing, updateThing } from './thing/update-thing.ts'
export { describeThingType, listThingTypes } from './thing-type/describe-thing-type.ts'
export {
  createThingType,
  deleteThingType,
  deprecateThingType,
  updateThingType,
} from './thing-type/thing-types.ts'

// Groups (gateway G75 to G78, G81).
export { createThingGroup } from './thing-group/create-thing-group.ts'
export {
  describeThingGroup,
  listThingGroupsForThing,
  listThingsInThingGroup,
} from './thing-group/describe-thing-group.ts'
export {
  addThingToThingGroup,
  removeThingFromThingGroup,
  updateThingGroupsForThing,
} from './thing-group/membership.ts'
export { updateThingGroup } from './thing-group/update-thing-group.ts'
export {
  addThingToBillingGroup,
  createBillingGroup,
  removeThingFromBillingGroup,
  updateBillingGroup,
} from './billing-group/billing-groups.ts'
export {
  describeBillingGroup,
  listBillingGroups,
  listThingsInBillingGroup,
} from './billing-group/describe-billing-group.ts'

// The fleet's index (gateway G79, G80).
export {
  describeIndex,
  getIndexingConfiguration,
  listIndices,
} from './query/indexing-configuration.ts'
export { getThingConnectivityData } from './query/search-index.ts'

// Tags and event configurations (gateway G81, G120).
export { listTagsForResource, tagResource, untagResource } from './tag/tag-resource.ts'
export {
  describeEventConfigurations,
  updateEventConfigurations,
} from './event-configuration/event-configurations.ts'

// Principals and policies (gateway G70, G84; authz C1 to C9).
export {
  listPrincipalThings,
  listPrincipalThingsV2,
  listThingPrincipals,
  listThingPrincipalsV2,
} from './principal/list-principals.ts'
export { attachThingPrincipal, detachThingPrincipal } from './principal/principals.ts'
export {
  getPolicy,
  getPolicyVersion,
  listAttachedPolicies,
  listPolicies,
  listPolicyPrincipals,
  listPolicyVersions,
  listPrincipalPolicies,
  listTargetsForPolicy,
} from './policy/list-policies.ts'
export {
  createPolicy,
  createPolicyVersion,
  deletePolicy,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from './policy/policies.ts'
export {
  attachPolicy,
  attachPrincipalPolicy,
  detachPolicy,
  detachPrincipalPolicy,
} from './policy/policy-attachment.ts'

// Certificates and authorities (gateway G86 to G95).
export {
  deleteCACertificate,
  describeCACertificate,
  listCACertificates,
  updateCACertificate,
} from './certificate/ca-certificate.ts'
export {
  createCertificateFromCsr,
  createKeysAndCertificate,
} from './certificate/create-certificate.ts'
export { describeCertificate } from './certificate/describe-certificate.ts'
export {
  listCertificates,
  listCertificatesByCA,
  listOutgoingCertificates,
} from './certificate/list-certificates.ts'
export { registerCACertificate } from './certificate/register-ca-certificate.ts'
export {
  registerCertificate,
  registerCertificateWithoutCA,
} from './certificate/register-certificate.ts'
export { deleteRegistrationCode, getRegistrationCode } from './certificate/registration-code.ts'
export {
  acceptCertificateTransfer,
  cancelCertificateTransfer,
  rejectCertificateTransfer,
  transferCertificate,
} from './certificate/transfer-certificate.ts'
export { deleteCertificate, updateCertificate } from './certificate/update-certificate.ts'

// Provisioning (gateway G106 to G114).
export { createProvisioningClaim } from './provisioning/provisioning-claim.ts'
export {
  createProvisioningTemplate,
  deleteProvisioningTemplate,
  describeProvisioningTemplate,
  listProvisioningTemplates,
  updateProvisioningTemplate,
} from './provisioning/provisioning-template.ts'
export {
  createProvisioningTemplateVersion,
  deleteProvisioningTemplateVersion,
  describeProvisioningTemplateVersion,
  listProvisioningTemplateVersions,
} from './provisioning/provisioning-template-version.ts'
export { registerThing } from './provisioning/register-thing.ts'
export {
  describeThingRegistrationTask,
  listThingRegistrationTasks,
  startThingRegistrationTask,
  stopThingRegistrationTask,
} from './provisioning/thing-registration-task.ts'
