/** Session tags (identities I48, I49). */
import { accept, refuse } from '@muster/model'
import type { StsOutcome } from './sts-code.ts'
import type { Session } from '../identity/session.ts'

/** A tag as STS takes it. */
export interface PassedTag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** Tags of a session about to begin. */
export interface SessionTags {
  /** Inherited ones and those passed. */
  readonly all: Readonly<Record<string, string>>
  readonly passed: Readonly<Record<string, string>>
  readonly inherited: Readonly<Record<string, string>>
  /** Keys that the next session inherits. */
  readonly transitiveKeys: readonly string[]
}

const sameKey = (key: string) => (other: string) => other.toLowerCase() === key.toLowerCase()

/** What a session of the caller's takes over (identities I49). */
export function inheritedTags(session: Session | undefined): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {}
  for (const key of session?.transitiveTagKeys ?? []) {
    const value = session?.tags[key]
    if (value !== undefined) tags[key] = value
  }
  return tags
}

/** Joins inherited and passed tags; refuses with `InvalidParameterValue`. */
export function sessionTags(
  inherited: Readonly<Record<string, string>>,
  tags: readonly PassedTag[] = [],
  transitiveTagKeys: readonly string[] = [],
): StsOutcome<SessionTags> {
  const passed: Record<string, string> = {}
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (Object.keys(passed).some(sameKey(key))) {
      return invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    }
    passed[key] = value
  }
  const passedKeys = Object.keys(passed)
  if (transitiveTagKeys.some((key) => !passedKeys.some(sameKey(key)))) {
    return invalid('The specified transitive tag key must be included in the requested tags.')
  }
  const inheritedKeys = Object.keys(inherited)
  if (inheritedKeys.some((key) => passedKeys.some(sameKey(key)))) {
    return invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
  const transitive = passedKeys.filter((key) => transitiveTagKeys.some(sameKey(key)))
  return accept({
    all: { ...inherited, ...passed },
    passed,
    inherited,
    transitiveKeys: [...inheritedKeys, ...transitive],
  })
}

function invalid(message: string): StsOutcome<never> {
  return refuse('InvalidParameterValue', message)
}
