/**
 * Resource entries. ARNs match segment by segment (authz E8); segments that a short ARN leaves out
 * read as `*` (X9); variables work only after the fifth colon (F1).
 */
import { matchTemplate, noVariables, type VariableValues } from '../decide/match-template.ts'
import { encode, parseTemplate, VariableTable, type Token } from './template.ts'

/** A compiled resource entry. */
export interface ArnPattern {
  readonly text: string
  /** Only stars: matches every resource, `*` included. */
  readonly everything: boolean
  /** `arn`, partition, service, region, account; undefined matches anything, a string itself. */
  readonly header: readonly (readonly Token[] | string | undefined)[]
  /** What stands after the fifth colon. */
  readonly resource: readonly Token[]
}

/** A requested resource. */
export interface RequestedArn {
  readonly text: string
  /** undefined for what is no ARN, such as `*`. */
  readonly header: readonly string[] | undefined
  /** UTF-8 of what stands after the fifth colon. */
  readonly resource: Uint8Array
}

const headerLength = 5
/** Header segments have no variables, so this stays empty. */
const headerVariables = new VariableTable()

/** Cuts text at its first five colons. */
function cut(text: string): string[] {
  const parts: string[] = []
  let start = 0
  while (parts.length < headerLength) {
    const colon = text.indexOf(':', start)
    if (colon < 0) break
    parts.push(text.slice(start, colon))
    start = colon + 1
  }
  parts.push(text.slice(start))
  return parts
}

/** Compiles one entry of `Resource` or `NotResource`. */
export function compileArnPattern(
  text: string,
  withVariables: boolean,
  variables: VariableTable,
): ArnPattern {
  const everything = /^\*+$/.test(text)
  const parts = cut(text)
  const header = Array.from({ length: headerLength }, (_, index) => {
    const part = parts[index]
    if (part === undefined || !/[*?]/.test(part)) return part
    return parseTemplate(part, { wildcards: true, variables: false }, headerVariables)
  })
  const resource = parseTemplate(
    parts[headerLength] ?? '*',
    { wildcards: true, variables: withVariables },
    variables,
  )
  return { text, everything, header, resource }
}

/** Takes a requested resource apart. */
export function requestedArn(text: string): RequestedArn {
  const parts = cut(text)
  const resource = parts[headerLength]
  if (resource === undefined || parts[0] !== 'arn') {
    return { text, header: undefined, resource: encode(text) }
  }
  return { text, header: parts.slice(0, headerLength), resource: encode(resource) }
}

/** Whether all header segments match. */
export function headerMatches(pattern: ArnPattern, header: readonly string[]): boolean {
  return pattern.header.every((segment, index) => {
    if (segment === undefined) return true
    if (typeof segment === 'string') return segment === header[index]
    const bytes = encode(header[index] ?? '')
    return matchTemplate(segment, noVariables, bytes, 0, bytes.length)
  })
}

/** Whether an entry matches a requested resource. */
export function arnMatches(
  pattern: ArnPattern,
  requested: RequestedArn,
  values: VariableValues,
): boolean {
  if (pattern.everything) return true
  if (requested.header === undefined || !headerMatches(pattern, requested.header)) return false
  return matchTemplate(pattern.resource, values, requested.resource, 0, requested.resource.length)
}
