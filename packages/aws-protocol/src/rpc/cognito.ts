import { createRequire } from 'node:module'
import { cognito } from '../constraints/cognito.ts'
import { rpcOperations, type RpcOperations } from './rpc-operations.ts'

const require = createRequire(import.meta.url)
let operations: RpcOperations | undefined

/** Operations of Cognito identity pools; the SDK's package is loaded when they are first asked for. */
export function cognitoOperations(): RpcOperations {
  operations ??= rpcOperations(
    require('@aws-sdk/client-cognito-identity') as Readonly<Record<string, unknown>>,
    cognito,
  )
  return operations
}
