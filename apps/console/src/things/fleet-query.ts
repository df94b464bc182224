/** Queries of the fleet index, made from a property filter; pure. */
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter'
import type { FilterQuery } from '../ui/filter-link.ts'

/** Finds every thing. */
export const everyThing = '*'

/** Why a connection ended, in AWS's words: what a filter offers. */
export const disconnectReasons: readonly string[] = [
  'AUTH_ERROR',
  'CLIENT_ERROR',
  'CLIENT_INITIATED_DISCONNECT',
  'CONNECTION_LOST',
  'CUSTOMAUTH_TTL_EXPIRATION',
  'DUPLICATE_CLIENTID',
  'FORBIDDEN_ACCESS',
  'MQTT_KEEP_ALIVE_TIMEOUT',
  'SERVER_ERROR',
  'SERVER_INITIATED_DISCONNECT',
  'THROTTLED',
  'WEBSOCKET_TTL_EXPIRATION',
]

/**
 * The query that finds what a property filter lets through (gateway G79). Free text finds what has a
 * value that begins so.
 */
export function fleetQuery(filter: FilterQuery): string {
  const terms = filter.tokens.map(({ propertyKey, operator, value }) =>
    term(propertyKey, operator, String(value)),
  )
  return terms.length === 0 ? everyThing : terms.join(filter.operation === 'or' ? ' OR ' : ' AND ')
}

function term(field: string | undefined, operator: string, value: string): string {
  const named = field === undefined ? '' : `${field}:`
  switch (operator) {
    case '=':
      return named + exactly(value)
    case '!=':
      return `NOT ${named}${exactly(value)}`
    case '!:':
    case '!^':
      return `NOT ${named}${beginning(value)}`
    case '<':
    case '<=':
    case '>':
    case '>=':
      return field === undefined ? beginning(value) : `${field}${operator}${escaped(value)}`
    default:
      return named + beginning(value)
  }
}

/** A value as it stands: quoted where a character of it would mean something. */
function exactly(value: string): string {
  const isPlain = /^\w[\w.-]*$/.test(value) && !/^(AND|OR|NOT|TO)$/.test(value)
  return isPlain ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

/** Wildcards work outside of quotes alone, so everything else is escaped one by one. */
function beginning(value: string): string {
  return `${escaped(value)}*`
}

function escaped(value: string): string {
  return value.replaceAll(/[^\w.]/gu, String.raw`\$&`)
}

const same: PropertyFilterProps.FilteringProperty['operators'] = ['=', '!=']
const text: PropertyFilterProps.FilteringProperty['operators'] = [...same, '^']
const ordered: PropertyFilterProps.FilteringProperty['operators'] = [...text, '<', '<=', '>', '>=']

/**
 * What things are filtered by.
 *
 * @param attributeNames - those seen so far; others are asked for by a query
 * @param hasConnectivity - whether the index holds it
 */
export function filterProperties(
  attributeNames: readonly string[],
  hasConnectivity: boolean,
): PropertyFilterProps.FilteringProperty[] {
  const property = (
    key: string,
    propertyLabel: string,
    operators: PropertyFilterProps.FilteringProperty['operators'],
  ): PropertyFilterProps.FilteringProperty => ({
    key,
    propertyLabel,
    groupValuesLabel: `${propertyLabel} values`,
    operators: operators ?? [],
  })
  return [
    property('thingName', 'Name', text),
    property('thingTypeName', 'Type', text),
    property('thingGroupNames', 'Group', text),
    ...(hasConnectivity
      ? [
          property('connectivity.connected', 'Connected', ['=']),
          property('connectivity.disconnectReason', 'Disconnect reason', same),
        ]
      : []),
    ...attributeNames.map((name) => property(`attributes.${name}`, `Attribute ${name}`, ordered)),
  ]
}

/** What ListThings, which knows no queries, can be asked: one thing, one type, or one attribute. */
export function listedFilterProperties(
  attributeNames: readonly string[],
): PropertyFilterProps.FilteringProperty[] {
  return filterProperties(attributeNames, false)
    .filter(({ key }) => key !== 'thingGroupNames')
    .map((property) => ({ ...property, operators: ['='] }))
}
