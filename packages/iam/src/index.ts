export {
  roleByArn,
  type IamAccount,
  type IamRole,
  type IamUser,
  type JsonWebKeyOf,
  type LongTermKey,
  type OidcProvider,
  type StaticSession,
} from './account/iam-account.ts'
export { readIamAccount, type IamFileScope } from './account/read-account.ts'
export {
  fromAuthorizationDetails,
  inDetailNames,
  isAuthorizationDetails,
  withAccessKeys,
} from './account/authorization-details.ts'
export { administratorAccess } from './account/managed-policies.ts'
export {
  RoleAliases,
  type RoleAlias,
  type RoleAliasPorts,
} from './credentials-provider/role-aliases.ts'
export {
  roleAliasCredentials,
  type CredentialsPorts,
  type CredentialsRequest,
  type RoleAliasCredentials,
} from './credentials-provider/role-alias-credentials.ts'
export { cognitoProvider } from './trust/trust-policy.ts'
export {
  cognitoIdentityOf,
  principalKind,
  rootIdentity,
  sessionIdentity,
  userIdentity,
  type CognitoIdentity,
  type Identity,
  type IdentityKind,
  type Layers,
  type PrincipalKind,
} from './identity/identity.ts'
export { identityKeys, type IdentityKeys } from './identity/identity-keys.ts'
export { keysOfRequest, type RequestTransport } from './identity/request-keys.ts'
export {
  layeredDecider,
  refusalEnding,
  type LayeredDecider,
  type LayerName,
  type LayerVerdict,
} from './identity/layered-decider.ts'
export type { Session, SessionDevice, WebClaims } from './identity/session.ts'
export { stsStatuses, type StsCode, type StsOutcome, type StsRefusal } from './sts/sts-code.ts'
export type {
  AnsweredCredentials,
  SessionCredentials,
  SessionSeal,
  SignedStsCall,
  StsCall,
} from './sts/sts-call.ts'
export { assumeRole, type AssumeRoleInput } from './sts/assume-role.ts'
export {
  assumeRoleWithWebIdentity,
  tagsFromToken,
  webSession,
  webTrustRefuses,
  type AssumeRoleWithWebIdentityInput,
  type WebIdentityCall,
} from './sts/assume-role-with-web-identity.ts'
export {
  getFederationToken,
  getSessionToken,
  type GetFederationTokenInput,
} from './sts/user-sessions.ts'
export { cognitoIssuer, type TokenCheck, type TokenIssuer } from './web-identity/check-token.ts'
export {
  numberClaim,
  readJsonWebToken,
  textClaim,
  textsClaim,
  type JsonWebToken,
} from './web-identity/json-web-token.ts'
export { isSignedBy, type VerifySignature } from './web-identity/token-signature.ts'
