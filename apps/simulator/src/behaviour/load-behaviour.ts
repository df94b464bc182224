import { basename, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Scenario } from '../scenario/scenario.ts'
import type { BehaviourFactory } from './behaviour.ts'

/** Factories by the file that they come from. */
export type Behaviours = ReadonlyMap<string, BehaviourFactory>

/**
 * Loads the modules that a scenario names.
 *
 * @throws Error naming file, line where there is one, and what is wrong
 */
export async function loadBehaviours({ groups }: Scenario): Promise<Behaviours> {
  const behaviours = new Map<string, BehaviourFactory>()
  for (const { module } of groups) {
    if (module === undefined || behaviours.has(module.file)) continue
    behaviours.set(module.file, await loadBehaviour(module.file))
  }
  return behaviours
}

async function loadBehaviour(file: string): Promise<BehaviourFactory> {
  let loaded: { readonly default?: unknown }
  try {
    loaded = (await import(pathToFileURL(file).href)) as { readonly default?: unknown }
  } catch (cause) {
    throw new Error(`${relative('', file)}${atLine(cause, file)}: ${firstLine(cause)}`, { cause })
  }
  if (typeof loaded.default === 'function') return loaded.default as BehaviourFactory
  const found = 'default' in loaded ? `a default export that is ${typeof loaded.default}` : 'none'
  throw new Error(
    `${relative('', file)}: expected a default export that is a function of a device, found ${found}`,
  )
}

/** What a module threw, with its name and the line: `thermostat.ts:12: no such mode`. */
export function thrownText(cause: unknown, file: string): string {
  return `${basename(file)}${atLine(cause, file)}: ${firstLine(cause)}`
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n').find((line) => line.trim() !== '') ?? 'an error without a message'
}

function atLine(cause: unknown, file: string): string {
  if (!(cause instanceof Error)) return ''
  const { href } = pathToFileURL(file)
  for (const name of [href, file]) {
    const [, after = ''] = (cause.stack ?? '').split(name, 2)
    const line = /^[^:\n]*:(\d+)/.exec(after)?.[1]
    if (line !== undefined) return `:${line}`
  }
  return ''
}
