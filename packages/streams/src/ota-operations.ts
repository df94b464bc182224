/**
 * OTA updates: a stream, a document, a job (neighbours N92 to N98).
 */
import type * as Iot from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  present,
  refuse,
  type Outcome,
  type Refusal,
  type Refused,
} from '@muster/model'
import { checkOtaUpdate, type CheckedOtaUpdate } from './check-ota-update.ts'
import { listPage } from './list-page.ts'
import { otaDocument, type OtaDocumentFile } from './ota-document.ts'
import { keptFile, shownFile } from './ota-files.ts'
import { otaJobId, type OtaUpdate } from './ota-update.ts'
import type { StreamsPorts } from './ports.ts'
import { s3Name, type FileFacts, type S3File } from './s3-file.ts'
import { createStream, FILES_MAX, removeStream, type Looked } from './stream-operations.ts'
import type { StreamsState } from './streams-state.ts'

/** How long a link lives unless the update says otherwise (neighbours N93). */
const EXPIRES_DEFAULT_SEC = 1800

/** What the files of a request are, to look at before it is applied; undefined: of no stream. */
export function otaLocations(
  { state }: Pick<StreamsPorts, 'state'>,
  input: Iot.CreateOTAUpdateRequest,
): readonly (S3File | undefined)[] {
  const checked = checkOtaUpdate(input)
  return checked.ok ? checked.value.files.map(({ source }) => locationOf(state, source)) : []
}

/**
 * Makes an update and its job. Refuses malformed input with InvalidRequestException and a name in use
 * with ResourceAlreadyExistsException; what cannot be made is CREATE_FAILED (neighbours N96).
 *
 * @param looked - at {@link otaLocations}
 */
export function createOtaUpdate(
  ports: StreamsPorts,
  input: Iot.CreateOTAUpdateRequest,
  looked: Looked,
  nowMs: number,
): Outcome<Iot.CreateOTAUpdateResponse> {
  const { otaUpdateId = '', tags } = input
  const checked = checkOtaUpdate(input)
  if (!checked.ok) return checked
  const tagged = ports.checkTags(tags)
  if (!tagged.ok) return tagged
  const otaUpdateArn = iotArn(ports.account, 'otaupdate', otaUpdateId)
  if (ports.state.otaUpdate(otaUpdateId) !== undefined) {
    const members = { resourceId: otaUpdateId, resourceArn: otaUpdateArn }
    return refuse(
      'ResourceAlreadyExistsException',
      `OTA update ${otaUpdateId} already exists.`,
      members,
    )
  }
  const awsIotJobId = otaJobId(otaUpdateId)
  const awsIotJobArn = iotArn(ports.account, 'job', awsIotJobId)
  const made = make(ports, input, checked.value, looked, nowMs)
  const ended = made.ok
    ? ({ status: 'CREATE_COMPLETE', ...made.value } as const)
    : ({ status: 'CREATE_FAILED', errorInfo: errorInfo(made.error) } as const)
  ports.state.putOtaUpdate({
    otaUpdateId,
    otaUpdateArn,
    createdAtMs: nowMs,
    lastModifiedAtMs: nowMs,
    ...ended,
    targets: input.targets ?? [],
    protocols: checked.value.protocols,
    targetSelection: input.targetSelection ?? 'SNAPSHOT',
    config: present({
      description: input.description,
      awsJobExecutionsRolloutConfig: input.awsJobExecutionsRolloutConfig,
      awsJobPresignedUrlConfig: { expiresInSec: expiresInSec(input) },
      additionalParameters: input.additionalParameters,
    }),
    files: checked.value.files.map(({ file }) => keptFile(file)),
    awsIotJobId,
    awsIotJobArn,
  })
  ports.setTags(otaUpdateArn, tags)
  const otaUpdateStatus = 'CREATE_PENDING'
  return accept({ otaUpdateId, awsIotJobId, otaUpdateArn, awsIotJobArn, otaUpdateStatus })
}

function expiresInSec({ awsJobPresignedUrlConfig }: Iot.CreateOTAUpdateRequest): number {
  return awsJobPresignedUrlConfig?.expiresInSec ?? EXPIRES_DEFAULT_SEC
}

function errorInfo({ code, message }: Refusal): { code: string; message: string } {
  return { code, message }
}

/** The stream and the job; neither is left where one cannot be. */
function make(
  ports: StreamsPorts,
  input: Iot.CreateOTAUpdateRequest,
  checked: CheckedOtaUpdate,
  looked: Looked,
  nowMs: number,
): Outcome<{ madeStreamId?: string }> {
  const files = documentFiles(ports.state, checked, looked)
  if (!files.ok) return files
  const { otaUpdateId = '', roleArn = '' } = input
  const [first] = checked.files
  const given = first?.source.kind === 'stream' ? first.source.streamId : undefined
  const makes = given === undefined && checked.protocols.includes('MQTT')
  const madeStreamId = makes ? `AFR_OTA-${ports.newId()}` : undefined
  if (madeStreamId !== undefined) {
    const made = makeStream(ports, madeStreamId, otaUpdateId, roleArn, files.value, nowMs)
    if (!made.ok) return made
  }
  const frame = {
    protocols: checked.protocols,
    streamId: madeStreamId ?? given,
    region: ports.account.region,
  }
  const job = ports.jobs.create(jobOf(input, otaDocument(frame, files.value)), nowMs)
  if (job.ok) return accept(present({ madeStreamId }))
  const stream = madeStreamId === undefined ? undefined : ports.state.stream(madeStreamId)
  if (stream !== undefined) removeStream(ports, stream)
  return job
}

/** neighbours N97: an ordinary job. */
function jobOf(input: Iot.CreateOTAUpdateRequest, document: string): Iot.CreateJobRequest {
  const { awsJobAbortConfig, awsJobTimeoutConfig, roleArn } = input
  return present({
    jobId: otaJobId(input.otaUpdateId ?? ''),
    targets: input.targets,
    document,
    description: input.description,
    targetSelection: input.targetSelection,
    presignedUrlConfig: { roleArn, expiresInSec: expiresInSec(input) },
    jobExecutionsRolloutConfig: input.awsJobExecutionsRolloutConfig,
    abortConfig: awsJobAbortConfig && { criteriaList: awsJobAbortConfig.abortCriteriaList },
    timeoutConfig: awsJobTimeoutConfig,
  }) as Iot.CreateJobRequest
}

function documentFiles(
  state: StreamsState,
  { files }: CheckedOtaUpdate,
  looked: Looked,
): Outcome<readonly OtaDocumentFile[]> {
  const found: OtaDocumentFile[] = []
  for (const [at, { file, source }] of files.entries()) {
    const location = locationOf(state, source)
    if (location === undefined) {
      const { streamId, fileId } = source.kind === 'stream' ? source : { streamId: '', fileId: 0 }
      return refuse(
        'ResourceNotFoundException',
        `Stream ${streamId} with a file ${fileId} cannot be found.`,
      )
    }
    const facts: FileFacts | undefined = looked[at]
    if (facts === undefined) {
      return refuse('ResourceNotFoundException', `${s3Name(location)} cannot be found.`)
    }
    const fileId = source.kind === 'stream' ? source.fileId : at
    found.push({ file, facts, fileId, location })
  }
  return accept(found)
}

function locationOf(
  state: Pick<StreamsState, 'stream'>,
  source: CheckedOtaUpdate['files'][number]['source'],
): S3File | undefined {
  if (source.kind === 's3') return source.location
  const { fileId, streamId } = source
  return state.stream(streamId)?.files.find((file) => file.fileId === fileId)?.s3Location
}

function makeStream(
  ports: StreamsPorts,
  streamId: string,
  otaUpdateId: string,
  roleArn: string,
  files: readonly OtaDocumentFile[],
  nowMs: number,
): Outcome<unknown> {
  if (files.length > FILES_MAX) {
    const many = `A stream must have 1 to ${FILES_MAX} files, not ${files.length}.`
    return invalidRequest(many)
  }
  const streamFiles = files.map(({ fileId, location }) => ({ fileId, s3Location: location }))
  const looked = files.map(({ facts }) => facts)
  const input = { streamId, roleArn, files: streamFiles }
  const made = createStream(ports, input, looked, nowMs)
  if (!made.ok) return made
  const stream = ports.state.stream(streamId)
  if (stream !== undefined) ports.state.putStream({ ...stream, otaUpdateId })
  return made
}

/** ResourceNotFoundException. */
export function getOtaUpdate(
  { state }: StreamsPorts,
  { otaUpdateId = '' }: Iot.GetOTAUpdateRequest,
): Outcome<Iot.GetOTAUpdateResponse> {
  const update = state.otaUpdate(otaUpdateId)
  if (update === undefined) return noSuchUpdate(otaUpdateId)
  const { awsIotJobArn, awsIotJobId, errorInfo: error, otaUpdateArn, targetSelection } = update
  return accept({
    otaUpdateInfo: {
      otaUpdateId,
      otaUpdateArn,
      creationDate: new Date(update.createdAtMs),
      lastModifiedDate: new Date(update.lastModifiedAtMs),
      ...update.config,
      targets: [...update.targets],
      protocols: [...update.protocols],
      targetSelection,
      otaUpdateFiles: update.files.map(shownFile),
      otaUpdateStatus: update.status,
      awsIotJobId,
      awsIotJobArn,
      ...(error !== undefined && { errorInfo: error }),
    },
  })
}

/** The newest first. InvalidRequestException for a bad token. */
export function listOtaUpdates(
  { state }: StreamsPorts,
  input: Iot.ListOTAUpdatesRequest,
): Outcome<Iot.ListOTAUpdatesResponse> {
  const { otaUpdateStatus } = input
  const page = listPage<OtaUpdate>(
    `otaUpdates ${otaUpdateStatus ?? ''}`,
    input,
    ({ createdAtMs, otaUpdateId }) => ({ createdAtMs, id: otaUpdateId }),
    (after, limit) => state.otaUpdates(otaUpdateStatus, after, limit),
  )
  if (!page.ok) return page
  const otaUpdates = page.value.items.map(({ otaUpdateId, otaUpdateArn, createdAtMs }) => ({
    otaUpdateId,
    otaUpdateArn,
    creationDate: new Date(createdAtMs),
  }))
  return accept({ otaUpdates, nextToken: page.value.nextToken })
}

/**
 * Deletes an update and its job, and the stream that was made for it where that is asked.
 * ResourceNotFoundException; InvalidRequestException while the job is not terminal and nothing is
 * forced (neighbours N98).
 */
export function deleteOtaUpdate(
  ports: StreamsPorts,
  input: Iot.DeleteOTAUpdateRequest,
  nowMs: number,
): Outcome<Iot.DeleteOTAUpdateResponse> {
  const { otaUpdateId = '', deleteStream = false, forceDeleteAWSJob = false } = input
  const { state } = ports
  const update = state.otaUpdate(otaUpdateId)
  if (update === undefined) return noSuchUpdate(otaUpdateId)
  const { awsIotJobId, madeStreamId, otaUpdateArn, status } = update
  // A failed creation has no job; one of that name is another's.
  const isLive = status === 'CREATE_FAILED' ? undefined : ports.jobs.isLive(awsIotJobId)
  if (isLive === true && !forceDeleteAWSJob) {
    return invalidRequest(
      `Job ${awsIotJobId} of OTA update ${otaUpdateId} is not terminal; use forceDeleteAWSJob.`,
    )
  }
  if (isLive !== undefined) {
    const deleted = ports.jobs.delete(awsIotJobId, forceDeleteAWSJob, nowMs)
    if (!deleted.ok) return deleted
  }
  const stream = madeStreamId === undefined ? undefined : state.stream(madeStreamId)
  if (stream !== undefined && deleteStream) removeStream(ports, stream)
  else if (stream !== undefined) {
    const { otaUpdateId: _gone, ...free } = stream
    state.putStream(free)
  }
  state.deleteOtaUpdate(otaUpdateId)
  ports.forgetTags(otaUpdateArn)
  return accept({})
}

function noSuchUpdate(otaUpdateId: string): Refused {
  return refuse('ResourceNotFoundException', `OTA update ${otaUpdateId} cannot be found.`)
}
