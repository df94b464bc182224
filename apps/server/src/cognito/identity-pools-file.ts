/**
 * The `--identity-pools` file: pools that are there at the start. Members are those of
 * CreateIdentityPool and SetIdentityPoolRoles under AWS's names, so that what the AWS CLI prints of a
 * real pool can be pasted.
 *
 * ```json
 * {"IdentityPools": [{"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": true,
 *   "Roles": {"unauthenticated": "arn:aws:iam::123456789012:role/guest"}}]}
 * ```
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  cognitoOperations,
  memberNames,
  unknownMember,
  type RpcOperation,
  type Violation,
} from '@muster/aws-protocol'
import {
  checkDeclaredPool,
  type DeclaredPool,
  type IdentityPoolMembers,
  type PoolRoles,
} from '@muster/cognito'
import type { IamAccount } from '@muster/iam'
import type { Account } from '@muster/model'

/** What a file's pools refer to. */
export interface IdentityPoolsScope {
  readonly account: Account
  /** Users, roles and providers at the start. */
  readonly iam: IamAccount
}

type Fields = Readonly<Record<string, unknown>>

const CREATE = 'CreateIdentityPool'
const SET_ROLES = 'SetIdentityPoolRoles'
const ROLES_MEMBERS = ['Roles', 'RoleMappings']

/**
 * Reads the file.
 *
 * @throws Error with the file and the place of the first fault; no half of a file is ever used
 */
export function readIdentityPools(
  path: string,
  scope: IdentityPoolsScope,
): readonly DeclaredPool[] {
  let document: unknown
  const text = readFileSync(path, 'utf8')
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${path}: not JSON: ${(cause as Error).message}`, { cause })
  }
  try {
    return declaredPools(document, scope)
  } catch (cause) {
    if (cause instanceof PoolsFileFault) throw new Error(`${path}: ${cause.message}`, { cause })
    throw cause
  }
}

class PoolsFileFault extends Error {}

function fault(place: string, expected: string): never {
  throw new PoolsFileFault(`${place}: ${expected}`)
}

function declaredPools(document: unknown, scope: IdentityPoolsScope): readonly DeclaredPool[] {
  const file = object(document, 'the file')
  noOthers(Object.keys(file), ['IdentityPools'], 'the file')
  const { IdentityPools: list } = file
  if (!Array.isArray(list)) fault('IdentityPools', 'expected a list')
  const places = new Map<string, string>()
  return list.map((item: unknown, index) => {
    const place = `IdentityPools[${index}]`
    const pool = declaredPool(object(item, place), place, scope)
    const before = places.get(pool.identityPoolId)
    if (before !== undefined) {
      fault(place, `has the id of ${before}: give them other names, or an IdentityPoolId each`)
    }
    places.set(pool.identityPoolId, place)
    return pool
  })
}

function declaredPool(fields: Fields, place: string, scope: IdentityPoolsScope): DeclaredPool {
  const { IdentityPoolId: stated, ...others } = fields
  noOthers(
    Object.keys(fields),
    ['IdentityPoolId', ...memberNames(operationOf(CREATE).input), ...ROLES_MEMBERS],
    place,
  )
  const given = Object.entries(others).filter(([, value]) => value !== null)
  const isRole = ([name]: readonly [string, unknown]): boolean => ROLES_MEMBERS.includes(name)
  const members = Object.fromEntries(given.filter((entry) => !isRole(entry)))
  const roles: Fields = { Roles: {}, ...Object.fromEntries(given.filter(isRole)) }
  checkInput(operationOf(CREATE), members, place)
  const identityPoolId = stated ?? derivedId(scope.account, String(members['IdentityPoolName']))
  checkId(identityPoolId, `${place}.IdentityPoolId`, scope.account)
  checkInput(operationOf(SET_ROLES), { ...roles, IdentityPoolId: identityPoolId }, place)
  // Checked member by member above, against the SDK's own schemas.
  const pool = {
    identityPoolId,
    members: members as unknown as IdentityPoolMembers,
    roles: roles as unknown as PoolRoles,
  }
  const refused = checkDeclaredPool(pool, scope.account, scope.iam)
  return refused.ok ? pool : fault(place, refused.error.message)
}

/** What an operation would refuse, and members that it would not look at. */
function checkInput({ input, violations }: RpcOperation, fields: Fields, place: string): void {
  const [violation] = violations(fields)
  if (violation !== undefined) {
    fault(`${place}.${placeOf(violation)}`, `must ${violation.rule}${found(violation)}`)
  }
  const unknown = unknownMember(fields, input)
  if (unknown !== undefined) {
    fault(`${place}.${unknown.path}`, unknownText(unknown.name, unknown.known))
  }
}

/** `CognitoIdentityProviders.1.member.ClientId` as a file has it. */
function placeOf({ path }: Violation): string {
  return path
    .replaceAll(/\.(\d+)\.member/g, (_, number: string) => `[${Number(number) - 1}]`)
    .replaceAll(/\.member(?=\.|$)/g, '')
}

function found({ text }: Violation): string {
  return text === undefined ? '' : `, found \`${text}\``
}

/** A misspelt member would silently grant or refuse. */
function noOthers(names: readonly string[], known: readonly string[], place: string): void {
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) fault(place, unknownText(unknown, known))
}

function unknownText(name: string, known: readonly string[]): string {
  return `unknown member \`${name}\`, expected ${known.join(', ')}`
}

function object(value: unknown, place: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  return fault(place, 'expected an object')
}

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function checkId(id: unknown, place: string, { region }: Account): asserts id is string {
  const uuid = typeof id === 'string' && id.startsWith(`${region}:`) && id.slice(region.length + 1)
  if (uuid === false || !UUID_V4.test(uuid)) {
    fault(place, `expected \`${region}:\` and a UUID of version 4 in lower case`)
  }
}

/** The same at every start, on every machine: apps may have it written into them. */
function derivedId({ region, accountId }: Account, name: string): string {
  const hex = createHash('sha256').update(`${accountId} ${region} ${name}`).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`]
  return `${region}:${[...parts, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')}`
}

function operationOf(name: string): RpcOperation {
  const operation = cognitoOperations().get(name)
  if (operation === undefined) throw new Error(`the SDK has no ${name}`)
  return operation
}
