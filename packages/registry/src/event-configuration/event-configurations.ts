/**
 * Which events the account publishes (gateway G120).
 */
import type {
  Configuration,
  DescribeEventConfigurationsResponse,
  EventType,
  UpdateEventConfigurationsRequest,
  UpdateEventConfigurationsResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'

/** Every event that can be switched. */
export const EVENT_TYPES: readonly EventType[] = [
  'THING',
  'THING_GROUP',
  'THING_TYPE',
  'THING_GROUP_MEMBERSHIP',
  'THING_GROUP_HIERARCHY',
  'THING_TYPE_ASSOCIATION',
  'JOB',
  'JOB_EXECUTION',
  'POLICY',
  'CERTIFICATE',
  'CA_CERTIFICATE',
]

const UNKNOWN_EVENT_TYPE =
  "1 validation error detected: Value at 'eventConfigurations' failed to satisfy constraint: " +
  'Map keys must satisfy constraint: [Member must satisfy enum value set: ' +
  `[${EVENT_TYPES.toSorted().join(', ')}]]`

/** Every type with its switch; the dates are there once something was switched. */
export function describeEventConfigurations(
  state: RegistryState,
): Outcome<DescribeEventConfigurationsResponse> {
  const record = state.settings.eventConfigurations
  const eventConfigurations: Partial<Record<EventType, Configuration>> = {}
  for (const type of EVENT_TYPES) {
    eventConfigurations[type] = { Enabled: record?.enabled[type] === true }
  }
  if (record === undefined) return accept({ eventConfigurations })
  return accept({
    eventConfigurations,
    creationDate: new Date(record.createdAtMs),
    lastModifiedDate: new Date(record.modifiedAtMs),
  })
}

/**
 * Switches the types that are named.
 *
 * @returns InvalidRequestException for no configurations, and for an unknown type
 */
export function updateEventConfigurations(
  state: RegistryState,
  input: UpdateEventConfigurationsRequest,
  nowMs: number,
): Outcome<UpdateEventConfigurationsResponse> {
  if (input.eventConfigurations === undefined) {
    return invalidRequest('Configuration cannot be null')
  }
  const before = state.settings.eventConfigurations
  const enabled: Record<string, boolean> = { ...before?.enabled }
  for (const [type, configuration] of Object.entries(input.eventConfigurations)) {
    if (!EVENT_TYPES.includes(type as EventType)) {
      return invalidRequest(UNKNOWN_EVENT_TYPE)
    }
    enabled[type] = configuration?.Enabled === true
  }
  state.settings.setEventConfigurations({
    enabled,
    createdAtMs: before?.createdAtMs ?? nowMs,
    modifiedAtMs: nowMs,
  })
  return accept({})
}
