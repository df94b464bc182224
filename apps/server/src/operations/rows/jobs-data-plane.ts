import { thing } from '../../authorization/operator-resources.ts'
import type { PermissionKeys } from '../../authorization/operator-permissions.ts'
import type { Operations } from '../operation-row.ts'

const reading = { perSecond: 200, bucket: 'jobs-read' } as const
const writing = { perSecond: 200, bucket: 'jobs-write' } as const

/**
 * The Jobs data plane over HTTPS (jobs section 2, authz D7, D11, D12). Its operations count the
 * same over MQTT (jobs J113). StartCommandExecution is another feature and answers 501.
 */
export const jobsDataPlane: Operations<'iot-jobs-data'> = {
  GetPendingJobExecutions: {
    rule: ({ jobs: { engine } }) => engine.getPendingJobExecutions.bind(engine),
    resources: [thing],
    devices: true,
    rate: reading,
  },
  StartNextPendingJobExecution: {
    rule: ({ jobs: { engine } }) => engine.startNextPendingJobExecution.bind(engine),
    resources: [thing],
    devices: true,
    rate: writing,
  },
  DescribeJobExecution: {
    rule: ({ jobs: { engine } }) => engine.describeDeviceJobExecution.bind(engine),
    resources: [thing],
    keys: jobKey,
    devices: true,
    rate: reading,
  },
  UpdateJobExecution: {
    rule: ({ jobs: { engine } }) => engine.updateJobExecution.bind(engine),
    resources: [thing],
    keys: jobKey,
    devices: true,
    rate: writing,
  },
}

function jobKey(
  _account: unknown,
  { jobId }: { readonly jobId?: string | undefined },
): PermissionKeys {
  return { 'iot:JobId': jobId }
}
