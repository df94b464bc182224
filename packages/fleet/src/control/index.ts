export { askAdmin, type AdminTarget } from './admin-api.ts'
export { call, controlPlane, ControlPlaneError, isRefusal } from './control-plane.ts'
export { parseDataEndpoint, type DataEndpoint } from './data-endpoint.ts'
export { devicePolicy, type PolicyScope, type TopicRights } from './device-policy.ts'
export type { DeviceRegistration } from './device-registration.ts'
export { ensureGroup, ensurePolicy } from './ensure.ts'
export { inParallel } from './in-parallel.ts'
export { isUnknownKey, mendKeys } from './mend-keys.ts'
export { onboard, type OnboardedFleet, type OnboardingOptions } from './onboarding.ts'
export { probeEndpoint, resolvedEndpoint } from './reach-endpoint.ts'
export {
  advanceServerClock,
  requireVirtualClock,
  serverClock,
  type ServerClock,
} from './server-clock.ts'
export { serverUsage, type GatewayUsage, type ServerUsage } from './server-usage.ts'
export { ServerWatch } from './server-watch.ts'
export { findTarget, type Target, type TargetFlags } from './target.ts'
