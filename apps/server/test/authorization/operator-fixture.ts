/** Operators and what they ask, for tests of their authorization. */
import type { AwsService } from '@muster/aws-protocol'
import type { Identity, Layers } from '@muster/iam'
import { compilePolicy, parsePolicy, type NamedPolicy } from '@muster/policy'
import { neededPermissions, type Permission } from '../../src/authorization/operator-permissions.ts'
import { rowOf } from '../../src/operations/operation-row.ts'
import { operations } from '../../src/operations/table.ts'
import { account } from './fake-registry.ts'

/** An inline policy of an identity. */
export function policy(...statements: readonly object[]): NamedPolicy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  const parsed = parsePolicy(text, 'iam')
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { policyName: 'inline', compiled: compilePolicy(parsed.value) }
}

/** A statement. */
export const allow = (
  action: string | readonly string[],
  resource: string | readonly string[],
  more: object = {},
): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
})

/** A user with policies, or whatever else is said. */
export function identity(
  policies: readonly NamedPolicy[],
  more: Partial<Omit<Identity, 'layers'>> & { readonly layers?: Partial<Layers> } = {},
): Identity {
  const { layers, ...rest } = more
  const arn = 'arn:aws:iam::123456789012:user/ops'
  return {
    kind: 'user',
    arn,
    accountId: '123456789012',
    userId: 'AIDAOPS',
    userName: 'ops',
    principalArn: arn,
    tags: {},
    session: undefined,
    layers: {
      everything: false,
      identity: policies,
      boundary: undefined,
      session: undefined,
      ...layers,
    },
    ...rest,
  }
}

/** Members of every call. */
export const key: {
  readonly accessKeyId: string
  readonly transport: { readonly secureTransport: boolean; readonly userAgent: undefined }
} = {
  accessKeyId: 'AKID',
  transport: { secureTransport: true, userAgent: undefined },
}

/** What an operation needs. */
export function needed(name: string, input: object, service: AwsService): readonly Permission[] {
  const row = rowOf(operations, service, name)
  if (row === undefined) throw new Error(`${name} is not served`)
  return neededPermissions(account, { service, name }, row, input as Record<string, unknown>)
}
