/** Streams and OTA updates: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import { anyOf, list, map, real, text, whole } from './build.ts'
import * as shapes from './shapes.ts'

const streamId = text(1, 128, /^[a-zA-Z0-9_-]+$/u)
const description = text(0, 2028, /^[^\p{C}]+$/u)
const streamFiles = list(1, 50)
const fileId = whole(0, 255)
const otaUpdateId = text(1, 128, /^[a-zA-Z0-9_-]+$/u)
const textMap = map(0, Infinity, {}, text(0, 4096, /^[\s\S]*$/u))
const numberOfThings = whole(1)

export const streams: ServiceConstraints<'iot'> = {
  CreateStreamRequest: { streamId, description, files: streamFiles, roleArn: shapes.roleArn },
  UpdateStreamRequest: { streamId, description, files: streamFiles, roleArn: shapes.roleArn },
  DescribeStreamRequest: { streamId },
  DeleteStreamRequest: { streamId },
  ListStreamsRequest: { maxResults: shapes.maxResults },
  StreamFile: { fileId },
  S3Location: { bucket: text(1, Infinity), key: text(1, Infinity) },
  CreateOTAUpdateRequest: {
    otaUpdateId,
    description,
    targets: list(1, Infinity),
    protocols: list(1, 2, anyOf('MQTT', 'HTTP')),
    targetSelection: shapes.targetSelection,
    files: list(1, Infinity),
    roleArn: shapes.roleArn,
    additionalParameters: textMap,
  },
  GetOTAUpdateRequest: { otaUpdateId },
  ListOTAUpdatesRequest: {
    maxResults: shapes.maxResults,
    otaUpdateStatus: anyOf(
      'CREATE_PENDING',
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'CREATE_FAILED',
      'DELETE_IN_PROGRESS',
      'DELETE_FAILED',
    ),
  },
  DeleteOTAUpdateRequest: { otaUpdateId },
  OTAUpdateFile: { fileType: whole(0, 255), attributes: textMap },
  Stream: { streamId, fileId },
  AwsJobExecutionsRolloutConfig: { maximumPerMinute: shapes.maxJobExecutionsPerMin },
  AwsJobExponentialRolloutRate: {
    baseRatePerMinute: shapes.rolloutRatePerMinute,
    incrementFactor: real(-Infinity, Infinity),
  },
  AwsJobRateIncreaseCriteria: {
    numberOfNotifiedThings: numberOfThings,
    numberOfSucceededThings: numberOfThings,
  },
  AwsJobAbortConfig: { abortCriteriaList: shapes.abortCriteriaList },
  AwsJobAbortCriteria: {
    failureType: anyOf('FAILED', 'REJECTED', 'TIMED_OUT', 'ALL'),
    action: shapes.abortAction,
    thresholdPercentage: shapes.abortThresholdPercentage,
    minNumberOfExecutedThings: shapes.minimumNumberOfExecutedThings,
  },
  AwsJobPresignedUrlConfig: { expiresInSec: whole() },
  AwsJobTimeoutConfig: { inProgressTimeoutInMinutes: whole() },
}
