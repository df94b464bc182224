export { errorAnswer, errorStatus, type Answer } from './answer.ts'
export type { Constraint, ConstraintTable, MemberConstraints } from './constraint.ts'
export type { OperationInput, OperationName, OperationOutput } from './operation-types.ts'
export { parseQuery, percentDecode } from './percent.ts'
export { stsOperations } from './rpc/sts.ts'
export { cognitoOperations } from './rpc/cognito.ts'
export { jsonBody, jsonOf } from './rpc/json-protocol.ts'
export { formValue, xmlOf, xmlText, type QueryForm } from './rpc/query-protocol.ts'
export { memberNames, unknownMember, type UnknownMember } from './rpc/unknown-member.ts'
export type { RpcOperation, RpcOperations } from './rpc/rpc-operations.ts'
export { AwsProtocol, type OperationCodec } from './protocol.ts'
export { badBody, type InputReader, type InputSource } from './read-input.ts'
export type { Match } from './router.ts'
export { operationsOf, type OperationSchema } from './sdk-schemas.ts'
export type { AwsService } from './service.ts'
export type { Violation } from './violation.ts'
export { statedSignature, type StatedSignature } from './sigv4/credential.ts'
export { headerOf, type SignedRequest } from './sigv4/signed-request.ts'
export {
  verifySignature,
  type SigningSecret,
  type VerifiedSignature,
  type VerifyOptions,
} from './sigv4/verify.ts'
