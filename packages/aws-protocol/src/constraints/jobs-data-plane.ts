/** Constraints of the `iot-jobs-data` service's input structures. */
import type { Constraint, ServiceConstraints } from '../constraint.ts'
import { map, text, whole } from './build.ts'
import { jobExecutionStatus } from './shapes.ts'

/** Some clients spell numbers as text (jobs J12). */
const digits: Constraint = { whole: true, digits: true }

export const jobsDataPlane: ServiceConstraints<'iot-jobs-data'> = {
  DescribeJobExecutionRequest: {
    jobId: text(0, Infinity, /^(?:[a-zA-Z0-9_-]+|^\$next)$/u),
    thingName: text(1, 128, /^[a-zA-Z0-9:_-]+$/u),
    executionNumber: digits,
  },
  GetPendingJobExecutionsRequest: {
    thingName: text(1, 128, /^[a-zA-Z0-9:_-]+$/u),
  },
  StartNextPendingJobExecutionRequest: {
    thingName: text(1, 128, /^[a-zA-Z0-9:_-]+$/u),
    statusDetails: map(
      0,
      Infinity,
      text(1, 128, /^[a-zA-Z0-9:_-]+$/u),
      text(1, Infinity, /^[\t\n\r\P{C}]+$/u, String.raw`[^\p{C}]+`),
    ),
    stepTimeoutInMinutes: whole(),
  },
  UpdateJobExecutionRequest: {
    jobId: text(1, 64, /^[a-zA-Z0-9_-]+$/u),
    thingName: text(1, 128, /^[a-zA-Z0-9:_-]+$/u),
    // This SDK package does not say which members are required.
    status: { ...jobExecutionStatus, required: true },
    statusDetails: map(
      0,
      Infinity,
      text(1, 128, /^[a-zA-Z0-9:_-]+$/u),
      text(1, Infinity, /^[\t\n\r\P{C}]+$/u, String.raw`[^\p{C}]+`),
    ),
    stepTimeoutInMinutes: whole(),
    expectedVersion: digits,
    executionNumber: digits,
  },
}
