import * as exported from '@aws-sdk/client-cognito-identity'
import { cognito } from '../constraints/cognito.ts'
import { rpcOperations, type RpcOperations } from './rpc-operations.ts'

/** Operations of Cognito identity pools. */
export const cognitoOperations: RpcOperations = rpcOperations(exported, cognito)
