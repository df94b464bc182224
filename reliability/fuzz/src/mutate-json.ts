/** Changes JSON as a tree, so that it stays JSON. */
import type { Material } from './mutate.ts'
import { below, oneOf, type Random } from './random.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
/** Somewhere in a tree. */
type Place =
  | { readonly of: Json[]; readonly at: number }
  | { readonly of: { [name: string]: Json }; readonly at: string }

const NESTED = [2, 8, 64, 600, 6000]
const TIMES = [2, 3, 20, 200]
const ITEMS_MAX = 2000
/** How often a value stays of its type. */
const GENTLE_SHARE = 0.7
const NUMBERS = [0, -1, 1, 1.5, 1e21, -0, 2 ** 31, 2 ** 53, 60, 1440]

/** The input with a part of its tree changed; undefined when it is no JSON. */
export function mutatedJson(
  input: Uint8Array,
  material: Material,
  random: Random,
): Uint8Array | undefined {
  const tree = parsed(input)
  if (tree === undefined) return undefined
  const root: Json[] = [tree]
  const places = placesIn(root)
  const place = oneOf(random, places)
  if (place === undefined) return undefined
  try {
    change(place, places, material, random)
    return Buffer.from(JSON.stringify(root[0] ?? null))
  } catch (cause) {
    // What is nested too deep for a copy stays as it was.
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}

function change(place: Place, places: readonly Place[], material: Material, random: Random): void {
  if (random() < GENTLE_SHARE) put(place, gentle(place, material, random))
  else if (random() < 0.2) remove(place)
  else put(place, wild(place, places, material, random))
}

/** Of the same type, so that what looks at types first goes on to look at more. */
function gentle(place: Place, { other, words }: Material, random: Random): Json {
  const value = valueAt(place)
  if (typeof value === 'string') return spliced(value, oneOf(random, words) ?? '*', random)
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') {
    return oneOf(random, [value + 1, value - 1, value * 10, ...NUMBERS]) ?? 0
  }
  if (Array.isArray(value)) {
    const item = oneOf(random, value)
    return item === undefined ? [null] : random() < 0.5 ? [...value, item] : value.slice(1)
  }
  if (value === null) return {}
  const theirs = parsed(other())
  const objects = theirs === undefined ? [] : placesIn([theirs]).map(valueAt).filter(isObject)
  const from = oneOf(random, objects) ?? {}
  const name = oneOf(random, Object.keys(from))
  return name === undefined ? {} : { ...value, [name]: from[name] ?? null }
}

function wild(
  place: Place,
  places: readonly Place[],
  { other, words }: Material,
  random: Random,
): Json {
  const value = valueAt(place)
  const another = (): Json => structuredClone(valueAt(oneOf(random, places) ?? place))
  switch (below(random, 8)) {
    case 0:
      return another()
    case 1:
      return oneOf(random, words) ?? ''
    case 2:
      return oneOf(random, NUMBERS) ?? 0
    case 3:
      return oneOf<Json>(random, [null, true, false, '', [], {}]) ?? null
    case 4:
      return nested(value, oneOf(random, NESTED) ?? 2, random)
    case 5: {
      const theirs = parsed(other())
      const found = theirs === undefined ? undefined : oneOf(random, placesIn([theirs]))
      return found === undefined ? another() : valueAt(found)
    }
    case 6: {
      if (!Array.isArray(value)) return [value]
      const times = oneOf(random, TIMES) ?? 2
      return Array.from({ length: times }, () => value)
        .flat()
        .slice(0, ITEMS_MAX)
    }
    default:
      if (isObject(value)) return { ...value, [oneOf(random, words) ?? 'x']: another() }
      return typeof value === 'string' ? { [value]: value } : textOf(value)
  }
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A number or a word as text; a tree may be too deep to write. */
function textOf(value: Json): string {
  return typeof value === 'object' ? '' : String(value)
}

function spliced(text: string, word: string, random: Random): string {
  const at = below(random, text.length + 1)
  const cut = random() < 0.5 ? at : Math.min(text.length, at + below(random, 6))
  return text.slice(0, at) + word + text.slice(cut)
}

function nested(value: Json, depth: number, random: Random): Json {
  let tree = value
  const isList = random() < 0.5
  for (let level = 0; level < depth; level++) tree = isList ? [tree] : { a: tree }
  return tree
}

function placesIn(root: Json[]): Place[] {
  const places: Place[] = []
  const waiting: Json[] = [root]
  for (let tree = waiting.pop(); tree !== undefined; tree = waiting.pop()) {
    if (Array.isArray(tree)) for (const at of tree.keys()) places.push({ of: tree, at })
    else if (typeof tree === 'object' && tree !== null) {
      for (const at of Object.keys(tree)) places.push({ of: tree, at })
    } else continue
    waiting.push(...Object.values(tree))
  }
  return places
}

function valueAt({ at, of }: Place): Json {
  return Reflect.get(of, at) as Json
}

function put({ at, of }: Place, value: Json): void {
  Reflect.set(of, at, value)
}

function remove({ at, of }: Place): void {
  if (Array.isArray(of)) of.splice(Number(at), 1)
  else Reflect.deleteProperty(of, at)
}

function parsed(input: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(input).toString('utf8')) as Json
  } catch {
    return undefined
  }
}
