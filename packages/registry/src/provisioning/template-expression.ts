/**
 * What an expression of a template is for certain, whatever the parameters: its value where it has
 * no reference, its faults, the parts that stand in it either way (gateway G110).
 */
import { isList, isObject, own, type Json } from './json.ts'
import { functionCall, substitutedNames, TemplateEvaluation } from './template-function.ts'
import type { Template, TemplateUse } from './template.ts'

/** What expressions may refer to. */
type Declared = Pick<Template, 'parameters' | 'mappings'> & { readonly use: TemplateUse }

const ID = 'AWS::IoT::Certificate::Id'

/** Parameters that need no declaration, by whom the template serves (gateway G99, G102). */
const GIVEN: Readonly<Record<TemplateUse, readonly string[]>> = {
  REGISTRATION: [],
  FLEET_PROVISIONING: [ID],
  JITP: [
    ID,
    ...[
      'Country',
      'Organization',
      'OrganizationalUnit',
      'DistinguishedNameQualifier',
      'StateName',
      'CommonName',
      'SerialNumber',
    ].map((name) => `AWS::IoT::Certificate::${name}`),
  ],
}

/** A declared parameter that nobody will give a value: a first connection brings no others. */
export function parameterWithoutValue({ parameters, use }: Declared): string | undefined {
  if (use !== 'JITP') return undefined
  return [...parameters]
    .filter(([name, byDefault]) => byDefault === undefined && !GIVEN.JITP.includes(name))
    .map(([name]) => name)[0]
}

/** The value of an expression without references; undefined: it depends on parameters. */
export function literalOf(node: Json, declared: Declared): Json | undefined {
  if (hasReference(node)) return undefined
  const evaluation = evaluationOf(declared)
  const value = evaluation.document(node)
  return evaluation.problem === undefined ? value : undefined
}

/** {@link expressionFault} of the first that has one. */
export function expressionsFault(nodes: readonly Json[], declared: Declared): string | undefined {
  return firstOf(nodes.map((node) => expressionFault(node, declared)))
}

/** What is wrong with an expression, or one within it, that no parameters could make right. */
export function expressionFault(node: Json, declared: Declared): string | undefined {
  if (isList(node)) return expressionsFault(node, declared)
  if (!isObject(node)) return undefined
  const call = functionCall(node)
  if (call === undefined) {
    return expressionsFault(Object.values(node), declared)
  }
  if (!hasReference(node)) {
    const evaluation = evaluationOf(declared)
    evaluation.value(node)
    return evaluation.problem
  }
  return (
    undeclaredReference(node, declared) ??
    argumentFault(call.name, call.argument, declared) ??
    expressionsFault(argumentsOf(call.argument), declared)
  )
}

/**
 * Texts that stand in the value of an expression whatever the parameters; not all of them, but none
 * that does not.
 */
export function certainParts(node: Json, declared: Declared): readonly string[] {
  const literal = literalOf(node, declared)
  if (typeof literal === 'string') return [literal]
  const call = functionCall(node)
  if (call?.name === 'Fn::Join' && isList(call.argument)) {
    const [delimiter = '', list = []] = call.argument
    if (!isList(list)) return []
    const between = literalOf(delimiter, declared)
    const delimiters = typeof between === 'string' && list.length > 1 ? [between] : []
    return [...delimiters, ...list.flatMap((item) => certainParts(item, declared))]
  }
  if (call?.name === 'Fn::Sub') {
    const [text = ''] = argumentsOf(call.argument)
    return typeof text === 'string' ? text.split(/\$\{[^}]*\}/) : []
  }
  return []
}

function evaluationOf({ mappings }: Declared): TemplateEvaluation {
  return new TemplateEvaluation({ reference: () => undefined, mappings })
}

function hasReference(node: Json): boolean {
  if (isList(node)) return node.some(hasReference)
  if (!isObject(node)) return false
  const call = functionCall(node)
  if (call?.name === 'Ref') return true
  if (call?.name === 'Fn::Sub' && substitutedNames(call.argument).length > 0) return true
  return Object.values(node).some(hasReference)
}

/** The reference of this very call to a parameter that there will never be. */
function undeclaredReference(node: Json, { parameters, use }: Declared): string | undefined {
  const call = functionCall(node)
  const names =
    call?.name === 'Ref'
      ? [call.argument]
      : call?.name === 'Fn::Sub'
        ? substitutedNames(call.argument)
        : []
  const undeclared = names.find(
    (name) => typeof name === 'string' && !parameters.has(name) && !GIVEN[use].includes(name),
  )
  return undeclared === undefined ? undefined : `there is no parameter ${String(undeclared)}`
}

/** Faults of a call's own arguments where others of them are not known yet. */
function argumentFault(name: string, argument: Json, declared: Declared): string | undefined {
  const [first = null, second = null] = argumentsOf(argument)
  const known = literalOf(first, declared)
  if (known === undefined || isObject(known) || isList(known)) return undefined
  switch (name) {
    case 'Fn::Split':
      return known === '' ? 'Fn::Split needs a delimiter' : undefined
    case 'Fn::Select': {
      const within = /^\d{1,9}$/.test(String(known))
      const beyond = isList(second) && Number(known) >= second.length
      return within && !beyond ? undefined : `Fn::Select: the list has no item ${String(known)}`
    }
    case 'Fn::FindInMap':
      return mappingFault(argumentsOf(argument), declared)
    default:
      return undefined
  }
}

/** Follows the keys of `Fn::FindInMap` as far as they are known. */
function mappingFault(keys: readonly Json[], declared: Declared): string | undefined {
  let found: Json | undefined = declared.mappings
  const path: string[] = []
  for (const key of keys) {
    const known = literalOf(key, declared)
    if (known === undefined) return undefined
    path.push(String(known))
    found = isObject(found) ? own(found, String(known)) : undefined
    if (found === undefined) return `Fn::FindInMap: Mappings have no value at ${path.join('/')}`
  }
  return undefined
}

function argumentsOf(argument: Json): readonly Json[] {
  return isList(argument) ? argument : [argument]
}

function firstOf(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined)
}
