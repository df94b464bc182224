/**
 * Scenario files: YAML checked against the schema, mistakes named by file, line and column.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type ErrorObject } from 'ajv'
import { likelyName } from '@muster/model'
import {
  isMap,
  isNode,
  isPair,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml'
import type { Scenario } from './scenario.ts'
import type { StoryMistake } from './story-mistake.ts'
import { storyMistakes } from './story-mistakes.ts'
import { suggestion } from './suggestion.ts'

const FOLDER = new URL('../../scenarios/', import.meta.url)

/** One mistake in a scenario file. */
export interface ScenarioMistake {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** What was expected. */
  readonly message: string
}

/** A scenario file that cannot be run; the message lists every mistake, a line each. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError'
  readonly file: string
  readonly mistakes: readonly ScenarioMistake[]

  constructor(file: string, mistakes: readonly ScenarioMistake[]) {
    super(mistakes.map((it) => `${file}:${it.line}:${it.column}: ${it.message}`).join('\n'))
    this.file = file
    this.mistakes = mistakes
  }
}

/** Names of the scenarios that come with the simulator. */
export function readyScenarios(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
}

/**
 * Loads a scenario by the name of a ready one or the path of a file.
 *
 * @throws ScenarioError for mistakes in the file; Error when there is no such file
 */
export function loadScenario(nameOrPath: string): Scenario {
  const ready = readyScenarios().includes(nameOrPath)
  const file = ready
    ? fileURLToPath(new URL(`${nameOrPath}.yaml`, FOLDER))
    : isAbsolute(nameOrPath)
      ? nameOrPath
      : resolve(nameOrPath)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    const names = readyScenarios()
    const meant = likelyName(nameOrPath, names)
    throw new Error(
      meant === undefined
        ? `no scenario \`${nameOrPath}\`: expected a file or one of ${names.join(', ')}`
        : `no scenario \`${nameOrPath}\`: did you mean ${meant}?`,
    )
  }
  return parseScenario(text, ready ? `${nameOrPath}.yaml` : nameOrPath, dirname(file))
}

/**
 * Reads the text of a scenario.
 *
 * @param file - for messages
 * @param folder - where the modules are that it names; default that of `file`
 * @throws ScenarioError naming each mistake
 */
export function parseScenario(
  text: string,
  file: string,
  folder: string = dirname(resolve(file)),
): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number, message: string): ScenarioMistake => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col, message }
  }
  const broken = document.errors.map(({ pos, message }) =>
    at(pos[0], `not YAML: ${message.split('\n')[0]?.replace(/ at line.*$/, '')}`),
  )
  if (broken.length > 0) throw new ScenarioError(file, broken)
  const value = valueOf(document, file, at)
  const mistakes = schemaMistakes(value, document, at)
  if (mistakes.length === 0) {
    const scenario = value as Scenario
    for (const { path, message } of [
      ...storyMistakes(scenario),
      ...missingModules(scenario, folder),
    ]) {
      mistakes.push(at(offsetOf(document, path.map(String)), message))
    }
  }
  if (mistakes.length > 0) throw new ScenarioError(file, mistakes)
  return normalised(value as Scenario, folder)
}

/**
 * The values of a document with its aliases resolved.
 *
 * @throws ScenarioError for one without an anchor, and for more of them than a file may have: a few lines of
 *   aliases of aliases would be gigabytes
 */
function valueOf(document: Document.Parsed, file: string, at: At): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    let offset = 0
    visit(document, {
      Alias: (_key, alias) => {
        if (alias.resolve(document) !== undefined) return undefined
        offset = alias.range?.[0] ?? 0
        return visit.BREAK
      },
    })
    throw new ScenarioError(file, [at(offset, `not YAML: ${(cause as Error).message}`)])
  }
}

/** What may be written in two ways is one way from here on. */
function normalised(scenario: Scenario, folder: string): Scenario {
  return {
    ...scenario,
    groups: scenario.groups.map((group) => {
      const { connection, module } = group
      // YAML reads an unquoted 5 as a number.
      const written = connection?.mqttVersion as '3.1.1' | '5' | 5 | undefined
      const mqttVersion = written === 5 ? '5' : written
      return {
        ...group,
        ...(mqttVersion === undefined ? {} : { connection: { ...connection, mqttVersion } }),
        ...(module === undefined
          ? {}
          : { module: { ...module, file: resolve(folder, module.file) } }),
      }
    }),
  }
}

function missingModules({ groups }: Scenario, folder: string): StoryMistake[] {
  return groups.flatMap(({ module }, index) => {
    if (module === undefined || existsSync(resolve(folder, module.file))) return []
    const path = ['groups', index, 'module', 'file']
    return [{ path, message: `expected a module, found no file \`${module.file}\` in ${folder}` }]
  })
}

type At = (offset: number, message: string) => ScenarioMistake

let validate: ReturnType<Ajv['compile']> | undefined

function schemaMistakes(value: unknown, document: Document, at: At): ScenarioMistake[] {
  validate ??= new Ajv({ allErrors: true, strict: false, verbose: true }).compile(
    JSON.parse(readFileSync(new URL('scenario.schema.json', FOLDER), 'utf8')) as object,
  )
  if (validate(value)) return []
  const seen = new Set<string>()
  const mistakes: ScenarioMistake[] = []
  for (const error of validate.errors ?? []) {
    if (error.keyword === 'if') continue
    const path = error.instancePath.split('/').slice(1).map(unescape)
    const extra = (error.params as { additionalProperty?: string }).additionalProperty
    const key = [...path, extra ?? '', error.keyword].join('/')
    if (seen.has(key)) continue
    seen.add(key)
    mistakes.push(at(offsetOf(document, path, extra), messageOf(path, error, extra)))
  }
  return mistakes.sort((a, b) => a.line - b.line || a.column - b.column)
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** Where a value stands: its key if it has one, else itself. */
function offsetOf(document: Document, path: readonly string[], member?: string): number {
  const full = member === undefined ? path : [...path, member]
  const parent: unknown =
    full.length > 1 ? document.getIn(full.slice(0, -1), true) : document.contents
  const last = full.at(-1)
  if (last !== undefined && isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && String(item.key) === last)
    const key: unknown = pair?.key
    if (isNode(key) && key.range) return key.range[0]
  }
  const node: unknown = full.length > 0 ? document.getIn(full, true) : document.contents
  if (isNode(node) && node.range) return node.range[0]
  return isNode(parent) ? ((parent as Node).range?.[0] ?? 0) : 0
}

function messageOf(path: readonly string[], error: ErrorObject, extra: string | undefined): string {
  const where = path.length === 0 ? 'scenario' : `\`${path.join('.')}\``
  const params = error.params as Record<string, unknown>
  const data: unknown = error.data
  const found = typeof data === 'object' ? '' : `, found \`${String(data)}\``
  switch (error.keyword) {
    case 'additionalProperties': {
      const schema = error.parentSchema as { properties?: object } | undefined
      const allowed = Object.keys(schema?.properties ?? {})
      const meant = suggestion(extra ?? '', allowed)
      return `unknown member \`${extra}\` in ${where}: expected one of ${allowed.join(', ')}${meant}`
    }
    case 'required':
      return `${where} lacks \`${String(params['missingProperty'])}\``
    case 'enum':
      return `${where}: expected one of ${words(params).join(', ')}${found}${suggestion(String(data), words(params))}`
    case 'type':
      return `${where}: expected ${String(params['type']).replace(',', ' or ')}${found}`
    case 'pattern':
      return `${where}: expected text like ${String(params['pattern'])}${found}`
    case 'minItems':
      return `${where}: expected at least one entry`
    case 'minProperties':
    case 'maxProperties':
      return `${where}: expected ${error.keyword === 'minProperties' ? 'at least' : 'at most'} ${String(params['limit'])} members`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `${where}: expected a number ${String(params['comparison'])} ${String(params['limit'])}${found}`
    default:
      return `${where}: ${error.message ?? error.keyword}${found}`
  }
}

/** The words that an `enum` takes, each once. */
function words(params: Record<string, unknown>): string[] {
  return [...new Set((params['allowedValues'] as unknown[]).map(String))]
}
