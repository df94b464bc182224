/**
 * Which events the account publishes (gateway G120).
 */
import type {
  Configuration,
  DescribeEventConfigurationsRequest,
  DescribeEventConfigurationsResponse,
  EventType,
  UpdateEventConfigurationsRequest,
  UpdateEventConfigurationsResponse,
} from '@aws-sdk/client-iot'
import { accept, type Outcome } from '@muster/model'
import { invalid } from '../state/constraints.ts'
import type { Operation } from '../state/operation.ts'
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

/** Operations on event configurations (gateway G120). */
export interface EventConfigurationOperations {
  readonly describeEventConfigurations: Operation<
    DescribeEventConfigurationsRequest,
    DescribeEventConfigurationsResponse
  >
  readonly updateEventConfigurations: Operation<
    UpdateEventConfigurationsRequest,
    UpdateEventConfigurationsResponse
  >
  /** Whether events of this type are published; off until switched on. */
  isEventEnabled(eventType: EventType): boolean
}

/** Binds the family to a state. */
export function eventConfigurationOperations(state: RegistryState): EventConfigurationOperations {
  return {
    describeEventConfigurations: () => describeEventConfigurations(state),
    updateEventConfigurations: (input, nowMs) => updateEventConfigurations(state, input, nowMs),
    isEventEnabled: (eventType) => state.settings.eventConfigurations?.enabled[eventType] === true,
  }
}

/** Every type with its switch; the dates are there once something was switched. */
function describeEventConfigurations(
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

/** Switches the types that are named. @returns InvalidRequestException for an unknown type */
function updateEventConfigurations(
  state: RegistryState,
  input: UpdateEventConfigurationsRequest,
  nowMs: number,
): Outcome<UpdateEventConfigurationsResponse> {
  const before = state.settings.eventConfigurations
  const enabled: Record<string, boolean> = { ...before?.enabled }
  for (const [type, configuration] of Object.entries(input.eventConfigurations ?? {})) {
    if (!EVENT_TYPES.includes(type as EventType)) return invalid(`unknown event type ${type}`)
    enabled[type] = configuration?.Enabled === true
  }
  state.settings.setEventConfigurations({
    enabled,
    createdAtMs: before?.createdAtMs ?? nowMs,
    modifiedAtMs: nowMs,
  })
  return accept({})
}
