/** Changes of policy documents, as text. */
import { principalKind, type ExplainedDenial } from './decision.ts'

/** A statement that allows one action on one resource. */
export interface AllowingStatement {
  readonly Effect: 'Allow'
  readonly Action: string
  readonly Resource: string
}

/** The members that are changed; all others stay as they are. */
interface WrittenStatement {
  readonly Resource?: string | readonly string[]
  readonly [member: string]: unknown
}

interface WrittenDocument {
  readonly Statement: WrittenStatement | readonly WrittenStatement[]
  readonly [member: string]: unknown
}

/**
 * The least statement that allows a denied request.
 *
 * @param thingName - the thing that thing variables stand for here: where the resource names it, the
 *   statement has the variable and so serves every device
 */
export function allowingStatement(
  { explanation }: ExplainedDenial,
  thingName: string | undefined,
): AllowingStatement {
  const { action, resource } = explanation
  return { Effect: 'Allow', Action: action, Resource: resourceEntry(resource, thingName) }
}

/**
 * The statement that an IAM policy of an operator, or of a pool's role, lacks.
 *
 * @returns undefined for a device's denial, and for one that a Deny made
 */
export function iamStatement(denial: ExplainedDenial): AllowingStatement | undefined {
  const isImplicit = denial.kind === 'policy' && denial.explanation.decision === 'implicitDeny'
  const kind = principalKind(denial)
  if (!isImplicit || kind === 'certificate' || kind === 'unknown') return undefined
  return allowingStatement(denial, undefined)
}

/** A requested ARN as an entry of a policy: the thing's name as its variable, wildcards as text. */
export function resourceEntry(arn: string, thingName: string | undefined): string {
  if (arn === '*') return arn
  const parts = arn.split(':')
  const levels = parts.slice(5).join(':').split('/')
  const written = levels.map((level, index) =>
    // The first level is the type: a thing may be named `topic`.
    index > 0 && level === thingName ? '${iot:Connection.Thing.ThingName}' : asText(level),
  )
  return [...parts.slice(0, 5), written.join('/')].join(':')
}

function asText(level: string): string {
  return level.replaceAll(/\$(?=\{)|[*?]/g, (special) => `\${${special}}`)
}

/**
 * The document with one more resource in a statement.
 *
 * @returns undefined for a statement that is not there or has NotResource
 */
export function withResource(text: string, index: number, resource: string): string | undefined {
  const { document, statements } = read(text)
  const statement = statements[index]
  if (statement?.Resource === undefined) return undefined
  const entries = listOf(statement.Resource)
  const widened = { ...statement, Resource: [...entries, resource] }
  return write(document, statements.with(index, widened))
}

/** The document with one more statement. */
export function withStatement(text: string, statement: AllowingStatement): string {
  const { document, statements } = read(text)
  return write(document, [...statements, { ...statement }])
}

/** The document whose Deny no longer has some entries; without any left the statement goes. */
export function withDenyTakenBack(text: string, index: number, entries: readonly string[]): string {
  const { document, statements } = read(text)
  const statement = statements[index]
  if (statement === undefined) return text
  const left = listOf(statement.Resource ?? []).filter((entry) => !entries.includes(entry))
  return left.length === 0
    ? write(document, statements.toSpliced(index, 1))
    : write(document, statements.with(index, { ...statement, Resource: left }))
}

function read(text: string): {
  readonly document: WrittenDocument
  readonly statements: readonly WrittenStatement[]
} {
  const document = JSON.parse(text) as WrittenDocument
  return { document, statements: listOf(document.Statement) }
}

function write(document: WrittenDocument, statements: readonly WrittenStatement[]): string {
  return JSON.stringify({ ...document, Statement: statements }, undefined, 2)
}

function listOf<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item]
}
