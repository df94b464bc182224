/** Policies and their targets: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import * as shapes from './shapes.ts'

export const policies: ServiceConstraints<'iot'> = {
  CreatePolicyRequest: {
    policyName: shapes.policyName,
    policyDocument: shapes.policyDocument,
  },
  CreatePolicyVersionRequest: {
    policyName: shapes.policyName,
    policyDocument: shapes.policyDocument,
  },
  GetPolicyRequest: {
    policyName: shapes.policyName,
  },
  GetPolicyVersionRequest: {
    policyName: shapes.policyName,
    policyVersionId: shapes.policyVersionId,
  },
  ListPoliciesRequest: {
    marker: shapes.marker,
    pageSize: shapes.pageSize,
  },
  ListPolicyVersionsRequest: {
    policyName: shapes.policyName,
  },
  SetDefaultPolicyVersionRequest: {
    policyName: shapes.policyName,
    policyVersionId: shapes.policyVersionId,
  },
  DeletePolicyRequest: {
    policyName: shapes.policyName,
  },
  DeletePolicyVersionRequest: {
    policyName: shapes.policyName,
    policyVersionId: shapes.policyVersionId,
  },
  AttachPolicyRequest: {
    policyName: shapes.policyName,
  },
  DetachPolicyRequest: {
    policyName: shapes.policyName,
  },
  ListAttachedPoliciesRequest: {
    marker: shapes.marker,
    pageSize: shapes.pageSize,
  },
  ListTargetsForPolicyRequest: {
    policyName: shapes.policyName,
    marker: shapes.marker,
    pageSize: shapes.pageSize,
  },
  AttachPrincipalPolicyRequest: {
    policyName: shapes.policyName,
  },
  DetachPrincipalPolicyRequest: {
    policyName: shapes.policyName,
  },
  ListPrincipalPoliciesRequest: {
    marker: shapes.marker,
    pageSize: shapes.pageSize,
  },
  ListPolicyPrincipalsRequest: {
    policyName: shapes.policyName,
    marker: shapes.marker,
    pageSize: shapes.pageSize,
  },
  GetEffectivePoliciesRequest: {
    thingName: shapes.thingName,
  },
  TestAuthorizationRequest: {
    authInfos: shapes.authInfos,
    policyNamesToAdd: shapes.policyNames,
    policyNamesToSkip: shapes.policyNames,
  },
  AuthInfo: {
    actionType: shapes.actionType,
    resources: shapes.resources,
  },
}
