/**
 * What the server does to the registry besides AWS's operations, as functions of its state:
 * provisioning over MQTT and by connecting, registration tasks, building dynamic groups, and tags
 * of resources that other packages keep.
 */
export {
  buildDynamicGroups,
  completeDynamicGroup,
  resumeDynamicGroups,
} from './dynamic-thing-group/build-dynamic-group.ts'
export {
  refreshConnectivityGroups as connectivityChanged,
  refreshShadowGroups as shadowChanged,
} from './dynamic-thing-group/dynamic-membership.ts'
export {
  beginFleetRegistration,
  completeFleetRegistration,
  createOwnedCertificate,
} from './provisioning/fleet-provisioning.ts'
export { registerJustInTime } from './provisioning/just-in-time.ts'
export { expireProvisioning, nextProvisioningExpiryMs } from './provisioning/ownership-token.ts'
export {
  findRegistrationTask as registrationTask,
  reportRegistrationTask,
  runningRegistrationTask,
} from './provisioning/thing-registration-task.ts'
export { checkTags, forgetTags, setTags } from './tag/resource-tags.ts'
