/**
 * GetStatistics, GetCardinality, GetPercentiles, GetBucketsAggregation: one field of the things
 * that a query finds, summed up (gateway G80).
 */
import type {
  Field,
  GetBucketsAggregationRequest,
  GetBucketsAggregationResponse,
  GetCardinalityRequest,
  GetCardinalityResponse,
  GetPercentilesRequest,
  GetPercentilesResponse,
  GetStatisticsRequest,
  GetStatisticsResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import { sortInSteps, walkInSteps, type Sliced } from '../state/sliced.ts'
import { managedThingFields } from './index-fields.ts'
import { THING_INDEX } from './indexing-configuration.ts'
import { compileQuery, toNumber } from './match-query.ts'
import { planQuery } from './plan-query.ts'
import { checkIndex, parseThingQuery } from './search-index.ts'
import { indexedThing, THING_FIELDS } from './thing-fields.ts'

const VERSION = 'registry.version'
const PERCENTS: readonly number[] = [1, 5, 25, 50, 75, 95, 99]
const BUCKETS_MAX = 10_000
const BUCKETS_DEFAULT = 10
const VALUES_PER_STEP = 2000

interface AggregateRequest {
  readonly indexName?: string | undefined
  readonly queryString?: string | undefined
  readonly queryVersion?: string | undefined
  readonly aggregationField?: string | undefined
}

/** What a field holds over all things found. */
interface Values {
  readonly thingCount: number
  /** Of those things, the ones that have the field; of a field of numbers, as a number. */
  readonly valuedCount: number
  /** Numbers alone where the field is one of numbers. */
  readonly values: readonly string[]
  readonly isNumber: boolean
}

/**
 * Count of the things with a valid value, and for a field of numbers sum, average, extremes and
 * spread.
 *
 * @returns as every aggregation: IndexNotReadyException, InvalidQueryException,
 *   InvalidAggregationException for a field that is neither managed nor configured as custom
 */
export function* getStatistics(
  state: RegistryState,
  input: GetStatisticsRequest,
): Sliced<Outcome<GetStatisticsResponse>> {
  const collected = yield* collect(state, input)
  if (!collected.ok) return collected
  const { valuedCount: count, isNumber } = collected.value
  if (!isNumber || count === 0) return accept({ statistics: { count } })
  const numbers = yield* numbersOf(collected.value)
  const sum = numbers.reduce((total, number) => total + number, 0)
  const sumOfSquares = numbers.reduce((total, number) => total + number * number, 0)
  const average = sum / numbers.length
  // By deviations: the squares of timestamps leave no digits for their differences.
  const variance =
    numbers.reduce((total, number) => total + (number - average) ** 2, 0) / numbers.length
  return accept({
    statistics: {
      count,
      average,
      sum,
      minimum: numbers[0],
      maximum: numbers.at(-1),
      sumOfSquares,
      variance,
      stdDeviation: Math.sqrt(variance),
    },
  })
}

/** Number of different values. Refusals as for {@link getStatistics}. */
export function* getCardinality(
  state: RegistryState,
  input: GetCardinalityRequest,
): Sliced<Outcome<GetCardinalityResponse>> {
  const collected = yield* collect(state, input)
  if (!collected.ok) return collected
  return accept({ cardinality: new Set(collected.value.values).size })
}

/**
 * Values below which the asked percentages lie, interpolated. Refusals as for
 * {@link getStatistics}, and InvalidAggregationException for a field of texts.
 */
export function* getPercentiles(
  state: RegistryState,
  input: GetPercentilesRequest,
): Sliced<Outcome<GetPercentilesResponse>> {
  const collected = yield* collect(state, input)
  if (!collected.ok) return collected
  if (!collected.value.isNumber) {
    return refuse('InvalidAggregationException', 'percentiles need a field of numbers')
  }
  const percents = input.percents ?? PERCENTS
  if (percents.some((percent) => !(percent >= 0 && percent <= 100))) {
    return invalidRequest('percents must be between 0 and 100')
  }
  const numbers = yield* numbersOf(collected.value)
  if (numbers.length === 0) return accept({ percentiles: [] })
  const percentiles = percents.map((percent) => {
    const position = (percent / 100) * (numbers.length - 1)
    const below = numbers[Math.floor(position)] as number
    const above = numbers[Math.ceil(position)] as number
    return { percent, value: below + (above - below) * (position % 1) }
  })
  return accept({ percentiles })
}

/** The most frequent values with their counts. Refusals as for {@link getStatistics}. */
export function* getBucketsAggregation(
  state: RegistryState,
  input: GetBucketsAggregationRequest,
): Sliced<Outcome<GetBucketsAggregationResponse>> {
  const maxBuckets = input.bucketsAggregationType?.termsAggregation?.maxBuckets ?? BUCKETS_DEFAULT
  if (!Number.isInteger(maxBuckets) || maxBuckets < 1 || maxBuckets > BUCKETS_MAX) {
    return invalidRequest(`maxBuckets must be between 1 and ${BUCKETS_MAX}`)
  }
  const collected = yield* collect(state, input)
  if (!collected.ok) return collected
  const counts = new Map<string, number>()
  const { values } = collected.value
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as string
    counts.set(value, (counts.get(value) ?? 0) + 1)
    if (at % VALUES_PER_STEP === 0) yield
  }
  const buckets: Bucket[] = []
  for (const [keyValue, count] of counts) {
    buckets.push({ keyValue, count })
    if (buckets.length % VALUES_PER_STEP === 0) yield
  }
  const sorted = yield* sortInSteps(buckets, largestFirst)
  return accept({ totalCount: collected.value.thingCount, buckets: sorted.slice(0, maxBuckets) })
}

interface Bucket {
  readonly keyValue: string
  readonly count: number
}

function largestFirst(one: Bucket, other: Bucket): number {
  return other.count - one.count || (one.keyValue < other.keyValue ? -1 : 1)
}

function* collect(state: RegistryState, input: AggregateRequest): Sliced<Outcome<Values>> {
  const { indexName = THING_INDEX, queryString = '', aggregationField = VERSION } = input
  const refused = checkIndex(state, indexName, input.queryVersion)
  if (refused !== undefined) return refused
  if (indexName !== THING_INDEX) return invalidRequest(`only ${THING_INDEX} can be aggregated`)
  const query = parseThingQuery(state, queryString)
  if (!query.ok) return query
  const field = fieldsOf(state).find(({ name }) => name === aggregationField)
  const name = aggregationField.replace(/^registry\./, '')
  if (field === undefined || (name !== 'version' && !THING_FIELDS.isField(name))) {
    return refuse(
      'InvalidAggregationException',
      `${aggregationField} is neither a managed field nor a configured custom field`,
    )
  }
  const matches = compileQuery(query.value, THING_FIELDS)
  const some = THING_FIELDS.some(name)
  const plan = planQuery(state, query.value)
  const values: string[] = []
  const isNumber = field.type === 'Number'
  let thingCount = 0
  let valuedCount = 0
  const add = (key: string): boolean => {
    const thing = state.things.byName.get(plan.thingNameOf(key))
    if (thing === undefined) return true
    const indexed = indexedThing(state, thing)
    if (!matches(indexed)) return true
    thingCount += 1
    const valuesBefore = values.length
    if (name === 'version') values.push(String(thing.version))
    else {
      some(indexed, (value) => {
        const text = String(value)
        if (!isNumber || Number.isFinite(toNumber(text))) values.push(text)
        return false // the next one, too
      })
    }
    if (values.length > valuesBefore) valuedCount += 1
    return true
  }
  yield* walkInSteps(plan.keysAfter, add)
  return accept({ thingCount, valuedCount, values, isNumber })
}

/** Managed and custom fields of things. */
function fieldsOf({ settings: { indexing } }: RegistryState): readonly Field[] {
  if (indexing === undefined) return []
  const custom = (indexing.thing['customFields'] ?? []) as readonly Field[]
  return [...managedThingFields(indexing), ...custom]
}

/** Ascending; typed arrays sort 100,000 numbers in a few milliseconds. */
function* numbersOf({ values }: Values): Sliced<Float64Array> {
  const numbers = new Float64Array(values.length)
  for (let at = 0; at < values.length; at += 1) {
    numbers[at] = Number(values[at])
    if (at % VALUES_PER_STEP === 0) yield
  }
  return numbers.sort()
}
