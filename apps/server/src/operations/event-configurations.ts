import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on event configurations (gateway G120). */
export function eventConfigurationOperations(registry: Registry): OperationHandlers {
  return {
    DescribeEventConfigurations: handle(registry.describeEventConfigurations),
    UpdateEventConfigurations: handle(registry.updateEventConfigurations),
  }
}
