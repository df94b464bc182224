/**
 * Trust documents: who may become a role (identities I11, I12). Each statement is a policy of its
 * own, so that it can be asked apart from those whose principal is somebody else.
 */
import { compilePolicy, parsePolicy, type CompiledPolicy } from '@muster/policy'
import { fault, object, type Fields } from '../account/fields.ts'
import { textOf } from '../account/documents.ts'

/** One entry of `Principal`. */
export type TrustPrincipal =
  | { readonly kind: 'everyone' }
  /** The account or its root: every principal of it. */
  | { readonly kind: 'account'; readonly accountId: string }
  /** A user, a role, an assumed-role or a federated-user session, by ARN. */
  | { readonly kind: 'arn'; readonly arn: string }
  /** A principal that was deleted: its unique id, which matches nobody else. */
  | { readonly kind: 'unique-id'; readonly uniqueId: string }
  /** `cognito-identity.amazonaws.com` or the ARN of a provider. */
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'service'; readonly host: string }

/** A statement and whom it is about. */
export interface TrustStatement {
  readonly principals: readonly TrustPrincipal[]
  /** The statement alone, about every resource. */
  readonly compiled: CompiledPolicy
}

/** A role's trust document. */
export interface TrustPolicy {
  readonly statements: readonly TrustStatement[]
}

/** The provider that every account has. */
export const cognitoProvider = 'cognito-identity.amazonaws.com'

/**
 * Reads a trust document. References to users, roles and providers of the own account are looked
 * at later, by {@link trustReferences}.
 *
 * @throws IamFileFault in IAM's words where they are known
 */
export function readTrustPolicy(value: unknown, path: string): TrustPolicy {
  let document: unknown = value
  if (typeof value === 'string') {
    try {
      document = JSON.parse(value)
    } catch {
      fault(path, 'Syntax errors in policy.')
    }
  }
  const { Version, Id, Statement } = object(document, path, ['Version', 'Id', 'Statement'])
  if (Statement === undefined) fault(path, 'Syntax errors in policy. (no `Statement`)')
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement]
  if (statements.length === 0) fault(`${path}.Statement`, 'Syntax errors in policy. (it is empty)')
  return {
    statements: statements.map((statement, index) =>
      readStatement(statement, `${path}.Statement[${index}]`, { Version, Id }),
    ),
  }
}

function readStatement(value: unknown, path: string, head: Fields): TrustStatement {
  const { Principal, ...statement } = object(value, path, [
    'Sid',
    'Effect',
    'Principal',
    'NotPrincipal',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Condition',
  ])
  for (const member of ['Resource', 'NotResource', 'NotPrincipal']) {
    if (Object.hasOwn(statement, member)) fault(path, `Has prohibited field ${member}`)
  }
  if (Principal === undefined) fault(path, 'Missing required field Principal')
  for (const action of trustActions(statement)) {
    if (!/^(?:sts:|\*$)/i.test(action)) {
      fault(path, `AssumeRole policy may only specify STS AssumeRole actions, found \`${action}\``)
    }
  }
  const document = { ...head, Statement: { ...statement, Resource: '*' } }
  const parsed = parsePolicy(textOf(document), 'iam')
  if (!parsed.ok) fault(path, parsed.error.message)
  return { principals: readPrincipals(Principal, path), compiled: compilePolicy(parsed.value) }
}

function trustActions(statement: Fields): readonly string[] {
  return [statement.Action, statement.NotAction]
    .flat()
    .filter((action): action is string => typeof action === 'string')
}

function readPrincipals(value: unknown, path: string): readonly TrustPrincipal[] {
  if (value === '*') return [{ kind: 'everyone' }]
  if (typeof value === 'string') fault(path, `Invalid principal in policy: "${value}"`)
  const place = `${path}.Principal`
  const fields = object(value, place, ['AWS', 'Federated', 'Service'])
  const principals = Object.entries(fields).flatMap(([type, entries]) => {
    const listed: readonly unknown[] = Array.isArray(entries) ? entries : [entries]
    return listed.map((entry) => {
      if (typeof entry !== 'string') return fault(`${place}.${type}`, 'expected a text')
      return readPrincipal(type, entry, path)
    })
  })
  if (principals.length === 0) fault(place, 'expected at least one principal')
  return principals
}

function readPrincipal(type: string, entry: string, path: string): TrustPrincipal {
  const invalid = (): never => fault(path, `Invalid principal in policy: "${type}":"${entry}"`)
  if (type === 'Service') {
    return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(entry)
      ? { kind: 'service', host: entry }
      : invalid()
  }
  if (type === 'Federated') {
    if (entry === cognitoProvider) return { kind: 'federated', provider: entry }
    return /^arn:aws:iam::\d{12}:oidc-provider\/[^*]+$/.test(entry)
      ? { kind: 'federated', provider: entry }
      : invalid()
  }
  if (entry === '*') return { kind: 'everyone' }
  if (/^\d{12}$/.test(entry)) return { kind: 'account', accountId: entry }
  if (/^A(?:ID|RO)A[A-Z0-9]{16,}$/.test(entry)) return { kind: 'unique-id', uniqueId: entry }
  const root = /^arn:aws:iam::(\d{12}):root$/.exec(entry)
  if (root?.[1] !== undefined) return { kind: 'account', accountId: root[1] }
  const named =
    /^arn:aws:iam::\d{12}:(?:user|role)\/[^*]+$/.test(entry) ||
    /^arn:aws:sts::\d{12}:(?:assumed-role\/[^*/]+\/[^*/]+|federated-user\/[^*/]+)$/.test(entry)
  return named ? { kind: 'arn', arn: entry } : invalid()
}

/** ARNs of users, roles and providers that a document rests on. */
export function trustReferences({ statements }: TrustPolicy): readonly string[] {
  return statements.flatMap(({ principals }) =>
    principals.flatMap((principal) => {
      if (principal.kind === 'federated') {
        return principal.provider === cognitoProvider ? [] : [principal.provider]
      }
      return principal.kind === 'arn' && principal.arn.startsWith('arn:aws:iam::')
        ? [principal.arn]
        : []
    }),
  )
}
