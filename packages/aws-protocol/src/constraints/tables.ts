/** Constraint tables by service. */
import type { ConstraintTable } from '../constraint.ts'
import type { AwsService } from '../service.ts'

export const constraints: Readonly<Record<AwsService, ConstraintTable>> = {
  iot: {},
  iotdata: {},
  'iot-jobs-data': {},
}
