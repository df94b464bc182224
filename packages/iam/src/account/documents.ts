/** Policy documents in an IAM file: parsed, compiled and measured (identities I10, I11). */
import { compilePolicy, parsePolicy, type NamedPolicy } from '@muster/policy'
import { fault, IamFileFault, nameOf, object } from './fields.ts'

/** Characters, whitespace not counted (identities I10). */
export const documentCharactersMax = {
  user: 2048,
  group: 5120,
  role: 10_240,
  managed: 6144,
  trust: 2048,
  /** A quota that can be raised: accepted with a warning. */
  trustRaised: 4096,
} as const

/** How many characters of a document count; none of one that is not there. */
export function documentCharacters(document: unknown): number {
  return document === undefined ? 0 : textOf(document).replaceAll(/\s+/g, '').length
}

/** A document's text: an object as JSON, a text as it stands. */
export function textOf(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document)
}

/** Parses one identity, boundary or session document. */
export function identityDocument(value: unknown, path: string, policyName: string): NamedPolicy {
  if (typeof value !== 'string') object(value, path)
  const parsed = parsePolicy(textOf(value), 'iam')
  if (!parsed.ok) throw new IamFileFault(`${path}: ${parsed.error.message}`)
  return { policyName, compiled: compilePolicy(parsed.value) }
}

/**
 * Inline policies: each a document, or `{policyName, document}`.
 *
 * @param charactersMax - of all of them together
 */
export function inlinePolicies(
  value: unknown,
  path: string,
  charactersMax: number,
): readonly NamedPolicy[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) fault(path, 'expected a list')
  let characters = 0
  const names = new Set<string>()
  const policies = value.map((item: unknown, index) => {
    const place = `${path}[${index}]`
    const named = typeof item === 'object' && item !== null && Object.hasOwn(item, 'document')
    if (!named) {
      characters += documentCharacters(item)
      return identityDocument(item, place, `inline-${index}`)
    }
    const { policyName, document } = object(item, place, ['policyName', 'document'])
    const name = nameOf(policyName, `${place}.policyName`, 128)
    if (names.has(name.toLowerCase())) fault(`${place}.policyName`, `\`${name}\` stands twice`)
    names.add(name.toLowerCase())
    characters += documentCharacters(document)
    return identityDocument(document, `${place}.document`, name)
  })
  if (characters > charactersMax) {
    fault(path, `expected at most ${charactersMax} characters in all, found ${characters}`)
  }
  return policies
}
