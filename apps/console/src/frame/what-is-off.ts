/** What an account must have on for the console to be whole, and what would switch it on. */
import type {
  DescribeEventConfigurationsResponse,
  GetIndexingConfigurationResponse,
  UpdateEventConfigurationsRequest,
  UpdateIndexingConfigurationRequest,
} from '@aws-sdk/client-iot'

/** What is off, in sentences, and the requests that change it. */
export interface Off {
  readonly sentences: readonly string[]
  readonly events?: UpdateEventConfigurationsRequest
  readonly indexing?: UpdateIndexingConfigurationRequest
}

/** Reads both configurations; one that is not known counts as on, so that nothing false is said. */
export function whatIsOff(
  events: DescribeEventConfigurationsResponse | undefined,
  indexing: GetIndexingConfigurationResponse | undefined,
): Off {
  const configured = events?.eventConfigurations
  const eventsOff =
    configured !== undefined && !(configured.JOB?.Enabled && configured.JOB_EXECUTION?.Enabled)
  const things = indexing?.thingIndexingConfiguration
  const indexingOff =
    indexing !== undefined &&
    ((things?.thingIndexingMode ?? 'OFF') === 'OFF' ||
      (things?.thingConnectivityIndexingMode ?? 'OFF') === 'OFF')
  return {
    sentences: [
      ...(eventsOff
        ? ['Job events are off: pages refresh every few seconds instead of at once.']
        : []),
      ...(indexingOff
        ? ['Fleet indexing is off: connectivity, searches and dynamic groups are not there.']
        : []),
    ],
    ...(eventsOff
      ? {
          events: {
            eventConfigurations: { JOB: { Enabled: true }, JOB_EXECUTION: { Enabled: true } },
          },
        }
      : {}),
    ...(indexingOff
      ? {
          indexing: {
            thingIndexingConfiguration: {
              ...things,
              thingIndexingMode:
                things?.thingIndexingMode === 'REGISTRY_AND_SHADOW'
                  ? 'REGISTRY_AND_SHADOW'
                  : 'REGISTRY',
              thingConnectivityIndexingMode: 'STATUS',
            },
            thingGroupIndexingConfiguration: { thingGroupIndexingMode: 'ON' },
          },
        }
      : {}),
  }
}
