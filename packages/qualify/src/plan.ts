/**
 * The agent's plan: what its job documents look like, and how patient to be with it. A plan is data
 * from outside, so every mistake in it is told.
 */

/** A document by what it does to the agent. */
export type DocumentName = 'works' | 'slow' | 'fails' | 'unknown'

/** A plan, read. */
export interface Plan {
  /** Job documents; `{url}`, `{sha256}` and `{bytes}` in their texts stand for the job's file. */
  readonly documents: Readonly<Partial<Record<DocumentName, unknown>>>
  /** How long a step may take the agent, seconds: reconnects and retries included. */
  readonly patienceSeconds: number
  /** How long nothing must come before it counts as quiet, seconds. */
  readonly quietSeconds: number
  /** Whether an agent that ends is started again, as a service manager does. */
  readonly restart: boolean
}

/** What is known of each document. */
export const DOCUMENT_MEANINGS: Readonly<Record<DocumentName, string>> = {
  works: 'a document that the agent carries out and reports SUCCEEDED',
  slow: 'one that keeps the agent busy until its file comes, or for some seconds',
  fails: 'one that the agent reports FAILED',
  unknown: 'one that the agent does not know',
}

/** What the agent in `packages/device/examples/agent.ts` understands. */
export const DEFAULT_PLAN: Plan = {
  documents: {
    works: { operation: 'download', url: '{url}', sha256: '{sha256}' },
    slow: { operation: 'download', url: '{url}', sha256: '{sha256}' },
    fails: { operation: 'fail', reason: 'as the document says' },
    unknown: { operation: 'no-such-operation' },
  },
  patienceSeconds: 30,
  quietSeconds: 1,
  restart: false,
}

const MEMBERS: readonly string[] = ['documents', 'patienceSeconds', 'quietSeconds', 'restart']

/**
 * Reads a plan; what it does not say is as {@link DEFAULT_PLAN} has it, but documents are its own.
 *
 * @param value - YAML or JSON, parsed
 * @throws Error that names the member and what was expected
 */
export function readPlan(value: unknown): Plan {
  if (!isObject(value)) throw new Error('expected a mapping with `documents`')
  for (const name of Object.keys(value)) {
    if (!MEMBERS.includes(name)) {
      throw new Error(`\`${name}\` is no member of a plan: expected ${MEMBERS.join(', ')}`)
    }
  }
  const { restart = DEFAULT_PLAN.restart } = value
  if (typeof restart !== 'boolean') throw new Error('`restart`: expected true or false')
  return {
    documents: documentsOf(value['documents']),
    patienceSeconds: secondsOf(value, 'patienceSeconds'),
    quietSeconds: secondsOf(value, 'quietSeconds'),
    restart,
  }
}

function documentsOf(value: unknown): Plan['documents'] {
  if (value === undefined) return DEFAULT_PLAN.documents
  if (!isObject(value)) throw new Error('`documents`: expected a mapping of names to documents')
  for (const [name, document] of Object.entries(value)) {
    if (!Object.hasOwn(DOCUMENT_MEANINGS, name)) {
      const known = Object.keys(DOCUMENT_MEANINGS).join(', ')
      throw new Error(`\`documents.${name}\`: expected one of ${known}`)
    }
    if (!isObject(document)) throw new Error(`\`documents.${name}\`: expected a JSON object`)
  }
  if (value['works'] === undefined) {
    throw new Error(`\`documents.works\` is missing: ${DOCUMENT_MEANINGS.works}`)
  }
  return value
}

function secondsOf(
  value: Readonly<Record<string, unknown>>,
  name: 'patienceSeconds' | 'quietSeconds',
): number {
  const { [name]: seconds = DEFAULT_PLAN[name] } = value
  if (typeof seconds === 'number' && seconds > 0 && seconds <= 3600) return seconds
  throw new Error(`\`${name}\`: expected seconds above 0 and up to 3600`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The file that a document's placeholders stand for. */
export interface JobFile {
  readonly url: string
  /** Lower-case hexadecimal. */
  readonly sha256: string
  readonly bytes: number
}

/** A plan's document for one job: every placeholder of its texts replaced. */
export function fillDocument(document: unknown, file: JobFile): unknown {
  if (typeof document === 'string') {
    return document
      .replaceAll('{url}', file.url)
      .replaceAll('{sha256}', file.sha256)
      .replaceAll('{bytes}', String(file.bytes))
  }
  if (Array.isArray(document)) return document.map((one) => fillDocument(one, file))
  if (!isObject(document)) return document
  return Object.fromEntries(
    Object.entries(document).map(([name, one]) => [name, fillDocument(one, file)]),
  )
}

/** Whether a document leads the agent to its file, so that a run can be seen. */
export function namesFile(document: unknown): boolean {
  return JSON.stringify(document ?? '').includes('{url}')
}
