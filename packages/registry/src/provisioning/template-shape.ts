/**
 * What a property of a template can be, told before any parameter is known: functions are looked
 * into, not called (gateway G109, G110, G112).
 */
import { isList, isObject, type Json } from './json.ts'
import { functionCall, type FunctionName } from './template-function.ts'

/** What a property must resolve to. */
export type Shape = 'text' | 'list' | 'textMap' | 'document'

/** A string, a list of strings, or either: a list may be written as its only item. */
type Value = 'text' | 'list'

/** What is wrong with a property whatever the parameters; undefined: nothing. */
export function shapeFault(node: Json, shape: Shape): string | undefined {
  if (shape === 'document') return documentFault(node)
  return shape === 'textMap' ? textMapFault(node) : valueFault(node, shape)
}

function valueFault(node: Json, wanted: Value): string | undefined {
  if (isList(node)) {
    if (wanted === 'text') return 'a list stands where a string belongs'
    return firstFault(node, (item) => valueFault(item, 'text'))
  }
  if (node === null)
    return wanted === 'text'
      ? 'null stands where a string belongs'
      : 'null stands where a list belongs'
  if (!isObject(node)) return undefined
  const call = functionCall(node)
  if (call === undefined) return unknownFunction(node) ?? 'an object stands where a string belongs'
  if (call.name === 'Fn::Split' && wanted === 'text') return 'a list stands where a string belongs'
  return argumentFault(call.name, call.argument)
}

function textMapFault(node: Json): string | undefined {
  if (!isObject(node)) return 'an object of strings is expected'
  return firstFault(Object.entries(node), ([name, value]) => {
    const fault = valueFault(value, 'text')
    return fault === undefined ? undefined : `${name}: ${fault}`
  })
}

/** Any JSON may stand in a policy document, but no function that there is not. */
function documentFault(node: Json): string | undefined {
  if (isList(node)) return firstFault(node, documentFault)
  if (!isObject(node)) return undefined
  if (functionCall(node) !== undefined) return valueFault(node, 'list')
  return unknownFunction(node) ?? firstFault(Object.values(node), documentFault)
}

function argumentFault(name: FunctionName, argument: Json): string | undefined {
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' ? undefined : 'Ref takes the name of a parameter'
    case 'Fn::Join':
    case 'Fn::Select':
      return argumentsFault(name, argument, ['text', 'list'])
    case 'Fn::FindInMap':
      return argumentsFault(name, argument, ['text', 'text', 'text'])
    case 'Fn::Split':
      return argumentsFault(name, argument, ['text', 'text'])
    case 'Fn::Sub': {
      const [template, variables = {}, ...others] = isList(argument) ? argument : [argument]
      if (typeof template === 'string' && isObject(variables) && others.length === 0) {
        return textMapFault(variables)
      }
      return 'Fn::Sub takes a string, or a string and an object of variables'
    }
  }
}

function argumentsFault(
  name: FunctionName,
  argument: Json,
  wanted: readonly Value[],
): string | undefined {
  if (!isList(argument) || argument.length !== wanted.length) {
    return `${name} takes ${wanted.length} arguments`
  }
  return firstFault(wanted, (value, at) => valueFault(argument[at] ?? null, value))
}

/** An object that means to call a function but cannot. */
function unknownFunction(node: Json): string | undefined {
  if (!isObject(node)) return undefined
  const names = Object.keys(node)
  const meant = names.find((name) => name.startsWith('Fn::'))
  if (meant === undefined) return undefined
  return names.length === 1
    ? `there is no function ${meant}`
    : `${meant} must be the only member of its object`
}

function firstFault<Item>(
  items: readonly Item[],
  faultOf: (item: Item, at: number) => string | undefined,
): string | undefined {
  for (const [at, item] of items.entries()) {
    const fault = faultOf(item, at)
    if (fault !== undefined) return fault
  }
  return undefined
}
