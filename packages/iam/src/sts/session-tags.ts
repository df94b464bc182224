/** Session tags (identities I48, I49). */
import { accept, refuse } from '@muster/model'
import type { StsOutcome } from './sts-code.ts'
import type { Session } from '../identity/session.ts'

/** A tag as STS takes it. */
export interface PassedTag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

const TAGS_MAX = 50
const KEY_CHARACTERS_MAX = 128
const VALUE_CHARACTERS_MAX = 256

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
  // No prototype: `__proto__` is a key like any other.
  const passed = Object.create(null) as Record<string, string>
  if (tags.length > TAGS_MAX) return invalid(`A session has at most ${TAGS_MAX} tags.`)
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (/^aws:/i.test(key)) return invalid('Tag keys that begin with aws: are reserved.')
    if (key === '' || key.length > KEY_CHARACTERS_MAX || value.length > VALUE_CHARACTERS_MAX) {
      return invalid('A tag has a key of 1 to 128 characters and a value of at most 256.')
    }
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
