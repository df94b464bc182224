export { parsePolicy, policyFault, policySizeMax } from './parse/parse-policy.ts'
export type { PolicyDocument, PolicyKind, Statement } from './parse/policy-document.ts'
export { compilePolicy, type CompiledPolicy } from './compile/compiled-policy.ts'
export type { TopicAction } from './compile/policy-set.ts'
export { bindEvaluator, type Evaluator, type NamedPolicy } from './decide/evaluator.ts'
export {
  connectionThing,
  contextKeys,
  type AttachedThing,
  type CertificateAttributes,
  type CertificateContext,
  type PolicyContext,
  type ThingContext,
} from './decide/policy-context.ts'
export {
  bothAllow,
  cognitoIdentity,
  intersection,
  type Decider,
  type Decision,
} from './decide/decider.ts'
export {
  decideVectors,
  vectorsIn,
  type Vector,
  type VectorDecision,
} from './vectors/decide-vectors.ts'
export { requestFault, type TypedRequest } from './explain/request-fault.ts'
export { explainDecision } from './explain/explain-decision.ts'
export type {
  ExplainedClause,
  ExplainedCondition,
  ExplainedEntry,
  ExplainedStatement,
  ExplainedVariable,
  Explanation,
  NearestMiss,
  StatementName,
} from './explain/explanation.ts'
export { vectorContext, type VectorContext } from './vectors/vector-context.ts'
export { auditPolicy } from './audit/audit-policy.ts'
export type { AuditSubject, Finding, FindingLevel } from './audit/finding.ts'
export { sarifLog, type AuditedDocument } from './audit/sarif.ts'
export { provePolicies, type PoliciesQuestion } from './prove/prove-policies.ts'
export type { Proof, ProvenPolicy } from './prove/prove-property.ts'
export type { KnownDevice } from './prove/device-case.ts'
export type { ProvenAccount } from './prove/policy-pattern.ts'
export type { ProvenVector } from './prove/proven-vector.ts'
export {
  deviceKinds,
  givenFault,
  parseProperty,
  type DeviceKind,
  type ParsedProperty,
  type Property,
  type RequestSet,
} from './prove/property.ts'
export {
  auditedProperties,
  standardProperties,
  standardProperty,
} from './prove/standard-properties.ts'
export { propertyFindings, whoAsks } from './prove/property-findings.ts'
export {
  policyDifference,
  type DifferenceQuestion,
  type PolicyChange,
  type PolicyDifference,
} from './prove/policy-difference.ts'
export {
  readRecording,
  type ObservedDevice,
  type ObservedRequest,
  type ReadRecording,
} from './suggest/recording.ts'
export {
  suggestPolicies,
  type SuggestedPolicy,
  type Suggestion,
} from './suggest/suggest-policies.ts'
