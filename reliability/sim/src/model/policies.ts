/**
 * The reference model of device policies (authz E1 to E6): deny before allow before nothing. Documents
 * are read anew for every question.
 */
import type { ModelRegistry } from './state.ts'

/** A statement; resources without the ARN's beginning: `topic/fleet/*`. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

/** What decisions rest on, besides things and groups. */
export interface PolicyFacts {
  /** Default version by policy. */
  documents: Map<string, readonly Statement[]>
  /** Policies by target: `cert/0`, `thinggroup/G0`. */
  attached: Map<string, Set<string>>
  /** Things by certificate: `cert/0`. */
  things: Map<string, Set<string>>
  /** Status by certificate. */
  statuses: Map<string, string>
}

/** Nothing attached to nothing. */
export function noFacts(): PolicyFacts {
  return { documents: new Map(), attached: new Map(), things: new Map(), statuses: new Map() }
}

/** Who asks. */
export interface Asker {
  /** `cert/0`. */
  readonly certificate: string
  /** undefined over HTTPS. */
  readonly clientId: string | undefined
}

/** Whether a device may. @param resource - `topic/fleet/news` */
export function isAllowed(
  facts: PolicyFacts,
  registry: ModelRegistry,
  asker: Asker,
  action: string,
  resource: string,
): boolean {
  const thing = thingOf(facts, registry, asker)
  const statements = [...policiesOf(facts, registry, asker, thing)].flatMap(
    (name) => facts.documents.get(name) ?? [],
  )
  const speaks = (effect: Statement['effect']): boolean =>
    statements.some(
      (statement) =>
        statement.effect === effect &&
        statement.actions.some((pattern) => matches(pattern, action)) &&
        statement.resources.some((pattern) => matchesResource(pattern, resource, thing)),
    )
  return !speaks('Deny') && speaks('Allow')
}

/** The thing of a connection: attached to its certificate and named as its client. */
function thingOf(facts: PolicyFacts, registry: ModelRegistry, asker: Asker): string | undefined {
  const { clientId, certificate } = asker
  if (clientId === undefined || !registry.things.has(clientId)) return undefined
  return facts.things.get(certificate)?.has(clientId) === true ? clientId : undefined
}

function policiesOf(
  facts: PolicyFacts,
  registry: ModelRegistry,
  { certificate }: Asker,
  thing: string | undefined,
): Set<string> {
  const names = new Set(facts.attached.get(certificate))
  if (thing === undefined) return names
  for (const [group, members] of registry.members) {
    if (!members.has(thing)) continue
    for (let at: string | undefined = group; at !== undefined; at = registry.parents.get(at)) {
      for (const name of facts.attached.get(`thinggroup/${at}`) ?? []) names.add(name)
    }
  }
  return names
}

const THING_NAME = '${iot:Connection.Thing.ThingName}'

function matchesResource(pattern: string, resource: string, thing: string | undefined): boolean {
  if (!pattern.includes(THING_NAME)) return matches(pattern, resource)
  return thing !== undefined && matches(pattern.replaceAll(THING_NAME, thing), resource)
}

/** `*` stands for anything. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === text
  if (!text.startsWith(first)) return false
  let at = first.length
  const last = rest.pop() ?? ''
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length >= at + last.length && text.endsWith(last)
}

/** The document as AWS writes it. */
export function documentText(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(({ effect, actions, resources }) => ({
      Effect: effect,
      Action: actions,
      Resource: resources.map((resource) => `arn:aws:iot:us-east-1:123456789012:${resource}`),
    })),
  })
}

/** The same, apart. */
export function copyFacts({ documents, attached, things, statuses }: PolicyFacts): PolicyFacts {
  const sets = (all: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> =>
    new Map([...all].map(([key, values]) => [key, new Set(values)]))
  return {
    documents: new Map(documents),
    attached: sets(attached),
    things: sets(things),
    statuses: new Map(statuses),
  }
}
