import { certificateAttributes } from '@muster/pki'
import { arns, policy } from '../../authorization/operator-resources.ts'
import type { Operations } from '../operation-row.ts'
import { getEffectivePolicies, testAuthorization } from '../policy-tests.ts'

/** The same operation under its older name shares the rate (gateway G84). */
const attaching = { perSecond: 15, bucket: 'attach-policy' } as const

/** Policies, their versions, attachments and tests (authz C1 to C9, J12, K1 to K4). */
export const policies: Operations<'iot'> = {
  CreatePolicy: { rule: ({ registry }) => registry.createPolicy, resources: [policy] },
  CreatePolicyVersion: {
    rule: ({ registry }) => registry.createPolicyVersion,
    resources: [policy],
  },
  SetDefaultPolicyVersion: {
    rule: ({ registry }) => registry.setDefaultPolicyVersion,
    resources: [policy],
  },
  DeletePolicyVersion: {
    rule: ({ registry }) => registry.deletePolicyVersion,
    resources: [policy],
  },
  DeletePolicy: { rule: ({ registry }) => registry.deletePolicy, resources: [policy] },
  GetPolicy: { rule: ({ registry }) => registry.getPolicy, resources: [policy] },
  GetPolicyVersion: { rule: ({ registry }) => registry.getPolicyVersion, resources: [policy] },
  ListPolicies: { rule: ({ registry }) => registry.listPolicies },
  ListPolicyVersions: { rule: ({ registry }) => registry.listPolicyVersions, resources: [policy] },
  AttachPolicy: {
    rule: ({ registry }) => registry.attachPolicy,
    resources: [arns('target')],
    rate: attaching,
  },
  DetachPolicy: { rule: ({ registry }) => registry.detachPolicy, resources: [arns('target')] },
  AttachPrincipalPolicy: {
    rule: ({ registry }) => registry.attachPrincipalPolicy,
    resources: [arns('principal')],
    rate: attaching,
  },
  DetachPrincipalPolicy: {
    rule: ({ registry }) => registry.detachPrincipalPolicy,
    resources: [arns('principal')],
  },
  ListAttachedPolicies: {
    rule: ({ registry }) => registry.listAttachedPolicies,
    resources: [arns('target')],
  },
  ListTargetsForPolicy: {
    rule: ({ registry }) => registry.listTargetsForPolicy,
    resources: [policy],
  },
  ListPrincipalPolicies: {
    rule: ({ registry }) => registry.listPrincipalPolicies,
    resources: [arns('principal')],
  },
  ListPolicyPrincipals: {
    rule: ({ registry }) => registry.listPolicyPrincipals,
    resources: [policy],
  },
  TestAuthorization: {
    rule: (services) => (input) =>
      services.slices.run(testAuthorization({ ...services, certificateAttributes }, input)),
    resources: [arns('principal')],
  },
  GetEffectivePolicies: {
    rule: (services) => (input) =>
      getEffectivePolicies({ ...services, certificateAttributes }, input),
    resources: [arns('principal')],
  },
}
