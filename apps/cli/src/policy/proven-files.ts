/** Policies and properties of files, for proofs. */
import { readFileSync } from 'node:fs'
import {
  compilePolicy,
  givenFault,
  parsePolicy,
  parseProperty,
  standardProperties,
  standardProperty,
  type Property,
  type ProvenPolicy,
} from '@muster/policy'
import { readPolicyFile } from './policy-file.ts'

/**
 * A policy of its text.
 *
 * @throws Error naming the policy and what is malformed
 */
export function provenPolicy(policyName: string, text: string, ofGroup = false): ProvenPolicy {
  const parsed = parsePolicy(text, 'iot')
  if (!parsed.ok) throw new Error(`${policyName}: ${parsed.error.message}`)
  const document: unknown = JSON.parse(text)
  return { policyName, compiled: compilePolicy(parsed.value), document, ofGroup }
}

/** Policies of a device and of its groups. */
export function provenFiles(
  files: readonly string[],
  groupFiles: readonly string[],
): readonly ProvenPolicy[] {
  return [
    ...files.map((file) => provenPolicy(file, readPolicyFile(file))),
    ...groupFiles.map((file) => provenPolicy(file, readPolicyFile(file), true)),
  ]
}

/**
 * Properties by name or file.
 *
 * @throws Error for what is neither, with the names that there are
 */
export function namedProperties(names: readonly string[]): readonly Property[] {
  return names.map((name) => standardProperty(name) ?? propertyFile(name))
}

function propertyFile(file: string): Property {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    const names = standardProperties.map(({ name }) => name).join(', ')
    throw new Error(`no property and no file \`${file}\`: expected a file, or one of ${names}`)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause })
  }
  const parsed = parseProperty(json)
  if (!parsed.ok) throw new Error(`${file}: ${parsed.error}`)
  return parsed.value
}

/**
 * What `--given KEY=VALUE` takes for granted.
 *
 * @throws Error for what is no key, or has an unknown placeholder
 */
export function givenKeys(flags: readonly string[]): Readonly<Record<string, string>> {
  const given: Record<string, string> = {}
  for (const flag of flags) {
    const [key = '', ...rest] = flag.split('=')
    const fault =
      rest.length === 0 ? `expected KEY=VALUE, found \`${flag}\`` : givenFault(key, rest.join('='))
    if (fault !== undefined) throw new Error(`--given: ${fault}`)
    given[key.toLowerCase()] = rest.join('=')
  }
  return given
}
