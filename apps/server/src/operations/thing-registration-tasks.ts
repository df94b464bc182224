/**
 * Operations of bulk registration (gateway G114).
 */
import type {
  ListThingRegistrationTaskReportsRequest,
  StartThingRegistrationTaskRequest,
} from '@aws-sdk/client-iot'
import { accept } from '@muster/model'
import type { Registry } from '@muster/registry'
import type { RegistrationTasks } from '../provisioning/registration-tasks.ts'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function thingRegistrationTaskOperations(
  registry: Registry,
  tasks: RegistrationTasks,
): OperationHandlers {
  return {
    StartThingRegistrationTask: ({ input, nowMs }) => {
      const started = registry.startThingRegistrationTask(
        input as unknown as StartThingRegistrationTaskRequest,
        nowMs,
      )
      if (started.ok) tasks.wake()
      return started
    },
    StopThingRegistrationTask: handle(registry.stopThingRegistrationTask),
    DescribeThingRegistrationTask: handle(registry.describeThingRegistrationTask),
    ListThingRegistrationTasks: handle(registry.listThingRegistrationTasks),
    ListThingRegistrationTaskReports: ({ input }) => {
      const { reportType = 'ERRORS', taskId } =
        input as unknown as ListThingRegistrationTaskReportsRequest
      const found = registry.registrationTask(taskId)
      if (!found.ok) return found
      return accept({ resourceLinks: tasks.reportLinks(found.value, reportType), reportType })
    },
  }
}
