import { createRequire } from 'node:module'
import { sts } from '../constraints/sts.ts'
import { rpcOperations, type RpcOperations } from './rpc-operations.ts'

const require = createRequire(import.meta.url)
let operations: RpcOperations | undefined

/** Operations of STS; the SDK's package is loaded when they are first asked for. */
export function stsOperations(): RpcOperations {
  operations ??= rpcOperations(
    require('@aws-sdk/client-sts') as Readonly<Record<string, unknown>>,
    sts,
  )
  return operations
}
