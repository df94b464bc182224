export { cognitoStatuses, refused, type CognitoCode, type CognitoOutcome } from './cognito-code.ts'
export { openState, resetState, type CognitoState } from './cognito-state.ts'
export {
  getCredentialsForIdentity,
  getOpenIdToken,
  guestSessionPolicy,
} from './credentials/get-credentials.ts'
export {
  getOpenIdTokenForDeveloperIdentity,
  lookupDeveloperIdentity,
} from './identity/developer-identities.ts'
export { getId } from './identity/get-id.ts'
export {
  deleteIdentities,
  describeIdentity,
  listIdentities,
} from './identity/identity-operations.ts'
export type { Logins } from './identity/login.ts'
export { checkDeclaredPool, declarePools, type DeclaredPool } from './pool/declared-pools.ts'
export {
  createIdentityPool,
  deleteIdentityPool,
  describeIdentityPool,
  listIdentityPools,
  listPoolTags,
  tagPool,
  untagPool,
  updateIdentityPool,
} from './pool/pool-operations.ts'
export {
  allPoolRoles,
  getIdentityPoolRoles,
  poolRoles,
  rolesOf,
  setIdentityPoolRoles,
} from './pool/pool-roles.ts'
export type { IdentityPoolMembers, PoolRoles } from './pool/identity-pool.ts'
export { tokenIssuer } from './credentials/identity-token.ts'
export type { CognitoCall, CognitoPorts, RefusedRole } from './ports.ts'
