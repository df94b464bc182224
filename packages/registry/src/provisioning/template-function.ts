/**
 * References and functions in template properties (gateway G110).
 */
import { isList, isObject, own, type Json, type JsonObject } from './json.ts'

/** What a property resolves to. */
export type Resolved = string | readonly string[]

/** Names that properties may refer to. */
export interface TemplateScope {
  /** Value of a parameter; undefined when it has none. */
  reference(name: string): string | undefined
  readonly mappings: JsonObject
}

/** Text that one template may produce; a small template of functions could ask for any amount. */
const producedCharactersMax = 262_144

const SUBSTITUTION = /\$\{([^}]*)\}/g

const functionNames = [
  'Ref',
  'Fn::Join',
  'Fn::Select',
  'Fn::FindInMap',
  'Fn::Split',
  'Fn::Sub',
] as const

/** What templates can call. */
export type FunctionName = (typeof functionNames)[number]

/**
 * Resolves properties and remembers the first thing that is wrong with them: after a problem every
 * value is empty, so look at {@link TemplateEvaluation.problem} before using any.
 */
export class TemplateEvaluation {
  readonly #scope: TemplateScope
  #produced = 0
  #problem: string | undefined

  constructor(scope: TemplateScope) {
    this.#scope = scope
  }

  /** The first thing found wrong. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** Notes a problem; the first one stays. */
  fail(problem: string): '' {
    this.#problem ??= problem
    return ''
  }

  /** A property that must be a string. */
  text(node: Json): string {
    const value = this.value(node)
    return typeof value === 'string' ? value : this.fail('a list stands where a string belongs')
  }

  /** A property that must be a list; a string alone is a list of one. */
  list(node: Json): readonly string[] {
    const value = this.value(node)
    return typeof value === 'string' ? [value] : value
  }

  /** An object whose members are all strings. */
  textMap(node: Json): Readonly<Record<string, string>> {
    if (!isObject(node)) {
      this.fail('an object of strings is expected')
      return {}
    }
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, this.text(value)]))
  }

  /** Any property: a string, or a list of strings. Numbers and booleans count as their text. */
  value(node: Json): Resolved {
    if (this.#problem !== undefined) return ''
    if (typeof node === 'string') return node
    if (typeof node === 'number' || typeof node === 'boolean') return String(node)
    if (isList(node)) return node.map((item) => this.text(item))
    const call = functionCall(node)
    return call === undefined
      ? this.fail('an object stands where a string belongs')
      : this.#call(call.name, call.argument)
  }

  /** A policy document: functions inside are resolved, everything else stays as it is. */
  document(node: Json): Json {
    if (isList(node)) return node.map((item) => this.document(item))
    if (!isObject(node)) return node
    const call = functionCall(node)
    if (call !== undefined) return this.value(node)
    return Object.fromEntries(
      Object.entries(node).map(([name, value]) => [name, this.document(value)]),
    )
  }

  #call(name: FunctionName, argument: Json): Resolved {
    switch (name) {
      case 'Ref':
        return typeof argument === 'string'
          ? this.#reference(argument)
          : this.fail('Ref takes the name of a parameter')
      case 'Fn::Join': {
        const [delimiter = '', list = []] = this.#arguments(name, argument, 2)
        return this.#produce(this.list(list).join(this.text(delimiter)))
      }
      case 'Fn::Select': {
        const [index = '', list = []] = this.#arguments(name, argument, 2)
        return this.#select(this.text(index), this.list(list))
      }
      case 'Fn::FindInMap':
        return this.#findInMap(this.#arguments(name, argument, 3))
      case 'Fn::Split': {
        const [delimiter = '', text = ''] = this.#arguments(name, argument, 2)
        return this.#split(this.text(delimiter), this.text(text))
      }
      case 'Fn::Sub':
        return this.#substitute(argument)
    }
  }

  #arguments(name: FunctionName, argument: Json, count: number): readonly Json[] {
    if (isList(argument) && argument.length === count) return argument
    this.fail(`${name} takes ${count} arguments`)
    return []
  }

  #reference(name: string): string {
    return this.#scope.reference(name) ?? this.fail(`parameter ${name} has no value`)
  }

  #select(index: string, list: readonly string[]): string {
    const selected = /^\d{1,9}$/.test(index) ? list[Number(index)] : undefined
    return selected ?? this.fail(`Fn::Select: the list has no item ${index}`)
  }

  #findInMap(keys: readonly Json[]): Resolved {
    let found: Json | undefined = this.#scope.mappings
    const path: string[] = []
    for (const part of keys) {
      const key = this.text(part)
      path.push(key)
      found = isObject(found) ? own(found, key) : undefined
    }
    if (found === undefined || found === null || isObject(found)) {
      return this.fail(`Fn::FindInMap: Mappings have no value at ${path.join('/')}`)
    }
    return this.value(found)
  }

  #split(delimiter: string, text: string): Resolved {
    if (delimiter === '') return this.fail('Fn::Split needs a delimiter')
    this.#produce(text)
    return text.split(delimiter)
  }

  #substitute(argument: Json): string {
    const [template, variables = {}, ...others] = isList(argument) ? argument : [argument]
    if (typeof template !== 'string' || !isObject(variables) || others.length > 0) {
      return this.fail('Fn::Sub takes a string, or a string and an object of variables')
    }
    const local = this.textMap(variables)
    let length = template.length
    const text = template.replace(SUBSTITUTION, (_whole, inside: string) => {
      if (inside.startsWith('!')) return `\${${inside.slice(1)}}`
      const name = inside.trim()
      const value = Object.hasOwn(local, name) ? (local[name] ?? '') : this.#reference(name)
      length += value.length
      return length <= producedCharactersMax ? value : ''
    })
    return length <= producedCharactersMax ? this.#produce(text) : this.#tooMuch()
  }

  #produce(text: string): string {
    this.#produced += text.length
    if (this.#produced <= producedCharactersMax) return text
    return this.#tooMuch()
  }

  #tooMuch(): '' {
    return this.fail(`the template produces more than ${producedCharactersMax} characters`)
  }
}

/** Names that `Fn::Sub` takes from parameters: those in its text that it brings no variable for. */
export function substitutedNames(argument: Json): readonly string[] {
  const [template, variables = {}] = isList(argument) ? argument : [argument]
  if (typeof template !== 'string' || !isObject(variables)) return []
  return [...template.matchAll(SUBSTITUTION)]
    .map(([, inside = '']) => inside)
    .filter((inside) => !inside.startsWith('!'))
    .map((inside) => inside.trim())
    .filter((name) => !Object.hasOwn(variables, name))
}

/** The function that an object calls: it has that one member and no other. */
export function functionCall(node: Json): { name: FunctionName; argument: Json } | undefined {
  if (!isObject(node)) return undefined
  const [only, ...others] = Object.keys(node)
  const name = functionNames.find((known) => known === only)
  if (name === undefined || others.length > 0) return undefined
  return { name, argument: node[name] as Json }
}
