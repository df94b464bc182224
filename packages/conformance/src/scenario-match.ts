/**
 * Matchers of scenario files: literals, `$epoch`, `{"$regex": …}` and the like.
 */
import type { Json } from './scenario-format.ts'

/** The server's clock around a step, epoch milliseconds. */
export interface StepTime {
  readonly fromMs: number
  readonly toMs: number
}

/** How far `$epoch` may be off, seconds. */
const EPOCH_TOLERANCE_SECONDS = 5

/**
 * Compares a value with a matcher.
 *
 * @param actual - undefined when the member does not exist
 * @param at - where the value stands, for the answer
 * @returns what is wrong, or undefined
 */
export function mismatch(
  expected: Json,
  actual: Json | undefined,
  time: StepTime,
  at: string,
): string | undefined {
  if (typeof expected === 'string') return textMismatch(expected, actual, time, at)
  if (Array.isArray(expected)) return arrayMismatch(expected, actual, time, at)
  if (typeof expected === 'object' && expected !== null) {
    return objectMismatch(expected as Readonly<Record<string, Json>>, actual, time, at)
  }
  return actual === expected ? undefined : differs(expected, actual, at)
}

function textMismatch(
  expected: string,
  actual: Json | undefined,
  time: StepTime,
  at: string,
): string | undefined {
  const fails = (): string => differs(expected, actual, at)
  const choice = /^\$oneOf\((.*)\)$/s.exec(expected)?.[1]
  if (choice !== undefined) {
    return choice.split(',').some((one) => one.trim() === String(actual)) ? undefined : fails()
  }
  switch (expected) {
    case '$absent':
      return actual === undefined ? undefined : fails()
    case '$present':
      return actual === undefined ? fails() : undefined
    case '$string':
      return typeof actual === 'string' && actual !== '' ? undefined : fails()
    case '$object':
      return isObject(actual) ? undefined : fails()
    case '$epoch': {
      const from = Math.floor(time.fromMs / 1000) - EPOCH_TOLERANCE_SECONDS
      const to = Math.ceil(time.toMs / 1000) + EPOCH_TOLERANCE_SECONDS
      const fits = Number.isInteger(actual) && Number(actual) >= from && Number(actual) <= to
      return fits ? undefined : `${fails()} (the clock stood at ${from} to ${to})`
    }
    case '$seconds':
      return Number.isInteger(actual) && String(actual).length === 10 ? undefined : fails()
    case '$milliseconds':
      return Number.isInteger(actual) && String(actual).length === 13 ? undefined : fails()
    default:
      return actual === expected ? undefined : fails()
  }
}

function arrayMismatch(
  expected: readonly Json[],
  actual: Json | undefined,
  time: StepTime,
  at: string,
): string | undefined {
  if (!Array.isArray(actual)) return differs(expected, actual, at)
  if (actual.length !== expected.length) {
    return `${at} has ${actual.length} elements instead of ${expected.length}: ${show(actual)}`
  }
  for (const [index, entry] of expected.entries()) {
    const wrong = mismatch(entry, actual[index] as Json, time, `${at}[${index}]`)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function objectMismatch(
  expected: Readonly<Record<string, Json>>,
  actual: Json | undefined,
  time: StepTime,
  at: string,
): string | undefined {
  for (const [name, matcher] of Object.entries(expected)) {
    const operator = OPERATORS[name]
    const wrong =
      operator === undefined
        ? memberMismatch(name, matcher, actual, time, at)
        : operator(matcher, actual, time, at)
    if (wrong !== undefined) return wrong
  }
  return isObject(actual) || Object.keys(expected).some((name) => name in OPERATORS)
    ? undefined
    : differs(expected, actual, at)
}

function memberMismatch(
  name: string,
  matcher: Json,
  actual: Json | undefined,
  time: StepTime,
  at: string,
): string | undefined {
  if (!isObject(actual)) return `${at} is ${show(actual)} instead of an object with ${name}`
  const member = Object.hasOwn(actual, name) ? actual[name] : undefined
  return mismatch(matcher, member, time, `${at}.${name}`)
}

type Operator = (
  matcher: Json,
  actual: Json | undefined,
  time: StepTime,
  at: string,
) => string | undefined

const OPERATORS: Readonly<Record<string, Operator>> = {
  $exact: (matcher, actual, time, at) => {
    const wrong = mismatch(matcher, actual, time, at)
    if (wrong !== undefined) return wrong
    if (!isObject(actual) || !isObject(matcher)) return differs(matcher, actual, at)
    const extra = Object.keys(actual).find((name) => !Object.hasOwn(matcher, name))
    return extra === undefined ? undefined : `${at} has the further member ${extra}`
  },
  $gte: (matcher, actual, _time, at) =>
    typeof actual === 'number' && actual >= Number(matcher)
      ? undefined
      : `${at} is ${show(actual)}, not at least ${show(matcher)}`,
  $lte: (matcher, actual, _time, at) =>
    typeof actual === 'number' && actual <= Number(matcher)
      ? undefined
      : `${at} is ${show(actual)}, not at most ${show(matcher)}`,
  $regex: (matcher, actual, _time, at) =>
    typeof actual === 'string' && new RegExp(String(matcher), 's').test(actual)
      ? undefined
      : `${at} is ${show(actual)}, which does not match ${show(matcher)}`,
  $len: (matcher, actual, _time, at) =>
    Array.isArray(actual) && actual.length === matcher
      ? undefined
      : `${at} is ${show(actual)}, not an array of ${show(matcher)}`,
  $contains: (matcher, actual, time, at) => {
    if (!Array.isArray(actual) || !Array.isArray(matcher)) return differs(matcher, actual, at)
    const missing = (matcher as readonly Json[]).find(
      (one) => !(actual as readonly Json[]).some((e) => mismatch(one, e, time, at) === undefined),
    )
    return missing === undefined ? undefined : `${at} has no element like ${show(missing)}`
  },
  $bytes: (matcher, actual, _time, at) =>
    isObject(actual) && actual['$bytes'] === matcher
      ? undefined
      : `${at} is ${show(actual)}, not the bytes ${show(matcher)}`,
  $json: (matcher, actual, time, at) => {
    const inside = typeof actual === 'string' ? parsed(actual) : undefined
    if (inside === undefined) return `${at} is ${show(actual)}, not a text of JSON`
    return mismatch(matcher, inside, time, `${at} as JSON`)
  },
  $jwtClaims: (matcher, actual, time, at) => {
    const [, body = ''] = typeof actual === 'string' ? actual.split('.') : []
    const claims = parsed(Buffer.from(body, 'base64url').toString('utf8'))
    if (claims === undefined) return `${at} is ${show(actual)}, not a JSON Web Token`
    return mismatch(matcher, claims, time, `claims of ${at}`)
  },
  $unordered: (matcher, actual, time, at) => {
    if (!Array.isArray(actual) || !Array.isArray(matcher)) return differs(matcher, actual, at)
    return actual.length === matcher.length && pairUp(matcher, actual, time, at)
      ? undefined
      : `${at} is ${show(actual)}, not ${show(matcher)} in any order`
  },
}

/** Whether every matcher gets an element of its own. */
export function pairUp(
  matchers: readonly Json[],
  actual: readonly Json[],
  time: StepTime,
  at: string,
): boolean {
  const [first, ...rest] = matchers
  if (first === undefined) return true
  return actual.some(
    (element, index) =>
      mismatch(first, element, time, at) === undefined &&
      pairUp(rest, actual.toSpliced(index, 1), time, at),
  )
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function differs(expected: Json, actual: Json | undefined, at: string): string {
  return `${at} is ${show(actual)} instead of ${show(expected)}`
}

function show(value: Json | undefined): string {
  if (value === undefined) return 'absent'
  const text = JSON.stringify(value)
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}
