import * as exported from '@aws-sdk/client-sts'
import { sts } from '../constraints/sts.ts'
import { rpcOperations, type RpcOperations } from './rpc-operations.ts'

/** Operations of STS. */
export const stsOperations: RpcOperations = rpcOperations(exported, sts)
