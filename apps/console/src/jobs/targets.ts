/** Targets of jobs: things and thing groups, and how a fleet query finds what they cover. */

/** A target as people name it. */
export interface Target {
  readonly kind: 'thing' | 'thinggroup'
  readonly name: string
}

/** Reads the ARN of a thing or group; another ARN counts as a thing of that name. */
export function targetOf(arn: string): Target {
  const group = arn.split(':thinggroup/')[1]
  if (group !== undefined) return { kind: 'thinggroup', name: group }
  return { kind: 'thing', name: arn.split(':thing/')[1] ?? arn }
}

/** Terms that one query takes (AWS's quota is 12, and one asks for the connection). */
const termsMax = 11

/**
 * Fleet queries that together find what is covered; one where the quota allows.
 *
 * @param groups - the target groups and all groups below them
 */
export function coverageQueries(
  things: readonly string[],
  groups: readonly string[],
): readonly string[] {
  const terms = [
    ...groups.map((name) => `thingGroupNames:${quoted(name)}`),
    ...things.map((name) => `thingName:${quoted(name)}`),
  ]
  const queries: string[] = []
  for (let at = 0; at < terms.length; at += termsMax) {
    queries.push(terms.slice(at, at + termsMax).join(' OR '))
  }
  return queries
}

/** The same query for what of it is connected. */
export function connectedOf(query: string): string {
  return `(${query}) AND connectivity.connected:true`
}

function quoted(name: string): string {
  return `"${name.replaceAll(/["\\]/g, '\\$&')}"`
}
