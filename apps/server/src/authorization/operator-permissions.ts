/**
 * What a call needs: actions on resources, all of which must be allowed (authz J1 to J15, D2 to
 * D12). A device that calls over HTTPS needs the same of its policies.
 */
import type { AwsService } from '@muster/aws-protocol'
import type { Account } from '@muster/model'
import type { ResourceRule } from './operator-resources.ts'

/** Context keys that a permission brings; undefined ones are absent. */
export type PermissionKeys = Readonly<Record<string, string | readonly string[] | undefined>>

/** One action on one resource, with the context keys it brings. */
export interface Permission {
  readonly action: string
  /** ARN, or `*`. */
  readonly resource: string
  readonly keys?: PermissionKeys
}

/** The authority that a call needs of whoever makes it. */
export interface NeededAuthority {
  /** All of them must be allowed; at least one. */
  readonly permissions: readonly Permission[]
  /** Whether a device may call at all; some operations are for IAM identities only (authz D9). */
  readonly devices: boolean
}

/** What one operation needs, besides that its own action is asked: a part of its row. */
export interface OperationNeeds<Input> {
  /** What the action is asked on; `*` where there are none, or none that the request names. */
  readonly resources?: readonly ResourceRule<Input>[]
  /** Context keys besides those of the request's tags. */
  readonly keys?: (account: Account, input: Input) => PermissionKeys
  /** Permissions besides the operation's own (authz J10, I1). */
  readonly also?: (account: Account, input: Input) => readonly Permission[]
}

/** Prefix of a service's actions. */
const actionPrefix: Readonly<Record<AwsService, string>> = {
  iot: 'iot',
  iotdata: 'iot',
  'iot-jobs-data': 'iotjobsdata',
}

/** Every permission a call needs, at least one. */
export function neededPermissions<Input>(
  account: Account,
  operation: { readonly service: AwsService; readonly name: string },
  { resources = [], keys, also }: OperationNeeds<Input>,
  input: Input,
): readonly Permission[] {
  const action = `${actionPrefix[operation.service]}:${operation.name}`
  const own = new Set(resources.flatMap((rule) => rule(account, input)))
  const brought = { ...requestTags(input as Tagged), ...keys?.(account, input) }
  return [
    ...[...(own.size === 0 ? ['*'] : own)].map((resource) => ({ action, resource, keys: brought })),
    ...(also?.(account, input) ?? []),
  ]
}

interface Tag {
  readonly Key?: unknown
  readonly Value?: unknown
}

/** Members of a request that tags or untags. */
interface Tagged {
  /** The package catalog's are a map (neighbours N3). */
  readonly tags?: readonly Tag[] | Readonly<Record<string, string>> | undefined
  readonly tagKeys?: readonly string[] | undefined
}

/** `aws:RequestTag/…` and `aws:TagKeys` (authz J13). */
function requestTags({ tags, tagKeys }: Tagged): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {}
  const names: string[] = [...(tagKeys ?? [])]
  for (const { Key, Value } of listed(tags)) {
    if (typeof Key !== 'string') continue
    names.push(Key)
    keys[`aws:RequestTag/${Key}`] = typeof Value === 'string' ? Value : ''
  }
  if (names.length > 0) keys['aws:TagKeys'] = names
  return keys
}

function listed(tags: Tagged['tags']): readonly Tag[] {
  if (Array.isArray(tags)) return tags as readonly Tag[]
  if (typeof tags !== 'object') return []
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/** authz J10: tags at a creation need `iot:TagResource` on what is created. */
export function tagging<Input extends object>(
  account: Account,
  created: ResourceRule<Input>,
  input: Input,
): readonly Permission[] {
  const keys = requestTags(input)
  if (!('aws:TagKeys' in keys)) return []
  return [{ action: 'iot:TagResource', resource: created(account, input)[0] ?? '*', keys }]
}

/** authz J10: a role that the request names needs `iam:PassRole`. */
export function passingRole(roleArn: string | undefined): readonly Permission[] {
  if (roleArn === undefined || roleArn === '') return []
  const keys = { 'iam:PassedToService': 'iot.amazonaws.com' }
  return [{ action: 'iam:PassRole', resource: roleArn, keys }]
}
