/** OTA updates: what is refused, what is made, what the document says, what goes with a deletion. */
import type { CreateOTAUpdateRequest, OTAUpdateFile } from '@aws-sdk/client-iot'
import { invalidRequest } from '@muster/model'
import { expect, it } from 'vitest'
import {
  createOtaUpdate,
  createStream,
  deleteOtaUpdate,
  deleteStream,
  getOtaUpdate,
  listOtaUpdates,
  otaLocations,
  type FileFacts,
} from '../src/index.ts'
import { facts, roleArn, world, type StreamsWorld } from './streams-world.ts'

const s3File: OTAUpdateFile = {
  fileName: 'app.bin',
  fileLocation: { s3Location: { bucket: 'fw', key: 'a b.bin' } },
}
const custom = {
  signature: { inlineDocument: new TextEncoder().encode('sig') },
  certificateChain: { certificateName: 'cert.pem' },
  hashAlgorithm: 'SHA256',
  signatureAlgorithm: 'ECDSA',
}
const request = (change: Partial<CreateOTAUpdateRequest> = {}): CreateOTAUpdateRequest => ({
  otaUpdateId: 'u',
  targets: ['arn:thing/T'],
  files: [s3File],
  roleArn,
  ...change,
})

function create(
  w: StreamsWorld,
  input: CreateOTAUpdateRequest,
  looked?: readonly (FileFacts | undefined)[],
) {
  const files = otaLocations(w, input)
  return createOtaUpdate(w, input, looked ?? files.map((file) => file && facts(2600)), 1_000)
}

const documentOf = (w: StreamsWorld): unknown => {
  const document = w.made.get('AFR_OTA-u')?.input.document ?? ''
  return (JSON.parse(document) as { afr_ota: unknown }).afr_ota
}

const infoOf = (w: StreamsWorld) => {
  const got = getOtaUpdate(w, { otaUpdateId: 'u' })
  return got.ok ? got.value.otaUpdateInfo : undefined
}

it('neighbours N94, N96, N99: by MQTT a stream is made, and a signed document names it', () => {
  const w = world()
  const file = { ...s3File, fileType: 2, codeSigning: { customCodeSigning: custom } }
  expect(create(w, request({ files: [file] }))).toEqual({
    ok: true,
    value: {
      otaUpdateId: 'u',
      awsIotJobId: 'AFR_OTA-u',
      otaUpdateArn: 'arn:aws:iot:eu-west-1:123456789012:otaupdate/u',
      awsIotJobArn: 'arn:aws:iot:eu-west-1:123456789012:job/AFR_OTA-u',
      otaUpdateStatus: 'CREATE_PENDING',
    },
  })
  expect(documentOf(w)).toEqual({
    protocols: ['MQTT'],
    streamname: 'AFR_OTA-id-1',
    files: [
      {
        filepath: 'app.bin',
        filesize: 2600,
        fileid: 0,
        certfile: 'cert.pem',
        fileType: 2,
        'sig-sha256-ecdsa': 'sig',
      },
    ],
  })
  expect(w.state.stream('AFR_OTA-id-1')).toMatchObject({ otaUpdateId: 'u', roleArn })
  expect(infoOf(w)).toMatchObject({
    otaUpdateStatus: 'CREATE_COMPLETE',
    protocols: ['MQTT'],
    targetSelection: 'SNAPSHOT',
    creationDate: new Date(1_000),
    otaUpdateFiles: [{ codeSigning: { customCodeSigning: custom } }],
  })
})

it('neighbours N99: over HTTP each file has a link of its own, made per request, and no stream', () => {
  const w = world()
  const versioned = {
    fileName: 'v',
    fileLocation: { s3Location: { bucket: 'fw', key: 'v', version: 'x1' } },
  }
  create(w, request({ protocols: ['HTTP'], files: [s3File, versioned] }), [
    facts(1),
    { ...facts(2), isVersion: true },
  ])
  const link = 'https://s3.eu-west-1.amazonaws.com/fw'
  expect(documentOf(w)).toEqual({
    protocols: ['HTTP'],
    files: [
      {
        filepath: 'app.bin',
        filesize: 1,
        fileid: 0,
        'sig--': null,
        update_data_url: `\${aws:iot:s3-presigned-url-v2:${link}/a%20b.bin}`,
        auth_scheme: 'aws.s3.presigned',
      },
      {
        filepath: 'v',
        filesize: 2,
        fileid: 1,
        'sig--': null,
        update_data_url: `\${aws:iot:s3-presigned-url-v2:${link}/v%3FversionId%3Dx1}`,
        auth_scheme: 'aws.s3.presigned',
      },
    ],
  })
  expect(w.state.countStreams()).toBe(0)
})

it('neighbours N99: both protocols give a stream and links', () => {
  const w = world()
  create(w, request({ protocols: ['MQTT', 'HTTP', 'MQTT'] }))
  expect(documentOf(w)).toMatchObject({
    protocols: ['MQTT', 'HTTP'],
    streamname: 'AFR_OTA-id-1',
    files: [{ auth_scheme: 'aws.s3.presigned' }],
  })
})

it('neighbours N93, N97: the job gets what the update says of it', () => {
  const w = world()
  create(
    w,
    request({
      description: 'd',
      targetSelection: 'CONTINUOUS',
      awsJobExecutionsRolloutConfig: { maximumPerMinute: 7 },
      awsJobAbortConfig: {
        abortCriteriaList: [
          {
            failureType: 'ALL',
            action: 'CANCEL',
            thresholdPercentage: 1,
            minNumberOfExecutedThings: 1,
          },
        ],
      },
      awsJobTimeoutConfig: { inProgressTimeoutInMinutes: 9 },
      additionalParameters: { k: 'v' },
    }),
  )
  expect(w.made.get('AFR_OTA-u')?.input).toMatchObject({
    targets: ['arn:thing/T'],
    description: 'd',
    targetSelection: 'CONTINUOUS',
    presignedUrlConfig: { roleArn, expiresInSec: 1800 },
    jobExecutionsRolloutConfig: { maximumPerMinute: 7 },
    abortConfig: { criteriaList: [{ failureType: 'ALL' }] },
    timeoutConfig: { inProgressTimeoutInMinutes: 9 },
  })
  expect(infoOf(w)).toMatchObject({
    additionalParameters: { k: 'v' },
    awsJobPresignedUrlConfig: { expiresInSec: 1800 },
  })
})

it('neighbours N94, N98: a stream of the user’s is used with its file’s id, and stays', () => {
  const w = world()
  const files = [{ fileId: 9, s3Location: { bucket: 'fw', key: 'k' } }]
  createStream(w, { streamId: 'mine', roleArn, files }, [facts(5)], 0)
  const ofStream = { fileName: 'f', fileLocation: { stream: { streamId: 'mine', fileId: 9 } } }
  create(w, request({ files: [ofStream] }))
  expect(documentOf(w)).toMatchObject({ streamname: 'mine', files: [{ fileid: 9 }] })
  expect(w.state.countStreams()).toBe(1)
  deleteOtaUpdate(w, { otaUpdateId: 'u', forceDeleteAWSJob: true, deleteStream: true }, 0)
  expect(w.state.stream('mine')).toBeDefined()
})

const both = { s3Location: { bucket: 'b', key: 'k' }, stream: { streamId: 's', fileId: 0 } }
const ofStream = (streamId: string): OTAUpdateFile => ({
  fileName: streamId,
  fileLocation: { stream: { streamId, fileId: 0 } },
})
it.each<[string, Partial<CreateOTAUpdateRequest>]>([
  ['a name too long for its job', { otaUpdateId: 'x'.repeat(57) }],
  ['no file', { files: [] }],
  ['51 files', { files: Array.from({ length: 51 }, () => s3File) }],
  ['a link too short', { awsJobPresignedUrlConfig: { expiresInSec: 59 } }],
  ['a link too long', { awsJobPresignedUrlConfig: { expiresInSec: 3601 } }],
  ['a file from nowhere', { files: [{ fileName: 'a' }] }],
  ['a file from two places', { files: [{ fileName: 'a', fileLocation: both }] }],
  ['a stream over HTTP', { protocols: ['HTTP'], files: [ofStream('s')] }],
  ['two streams', { files: [ofStream('s'), ofStream('t')] }],
  ['a stream and S3', { files: [ofStream('s'), s3File] }],
  ['a signer', { files: [{ ...s3File, codeSigning: { awsSignerJobId: 'j' } }] }],
  ['a signing job', { files: [{ ...s3File, codeSigning: { startSigningJobParameter: {} } }] }],
  [
    'two kinds of signing',
    { files: [{ ...s3File, codeSigning: { awsSignerJobId: 'j', customCodeSigning: custom } }] },
  ],
  ['no kind of signing', { files: [{ ...s3File, codeSigning: {} }] }],
  [
    'no signature',
    { files: [{ ...s3File, codeSigning: { customCodeSigning: { ...custom, signature: {} } } }] },
  ],
  ['a placeholder as name', { files: [{ ...s3File, fileName: '${aws:iot:s3-presigned-url:x}' }] }],
])('neighbours N92 to N95: %s is refused', (_what, change) => {
  const w = world()
  expect(create(w, request(change))).toMatchObject({
    error: { code: 'InvalidRequestException' },
  })
  expect([w.made.size, w.state.otaUpdate('u')]).toEqual([0, undefined])
})

it('neighbours N92: a name of 56 characters fits', () => {
  expect(create(world(), request({ otaUpdateId: 'x'.repeat(56) })).ok).toBe(true)
})

it('neighbours N96: a missing file fails the creation, and makes nothing', () => {
  const w = world()
  expect(create(w, request(), [undefined]).ok).toBe(true)
  expect(infoOf(w)).toMatchObject({
    otaUpdateStatus: 'CREATE_FAILED',
    errorInfo: {
      code: 'ResourceNotFoundException',
      message: 's3://fw/a b.bin cannot be found.',
    },
  })
  expect([w.made.size, w.state.countStreams()]).toEqual([0, 0])
  const again = create(w, request())
  expect(again).toMatchObject({ error: { code: 'ResourceAlreadyExistsException' } })
})

it('neighbours N96: an unknown stream fails the creation', () => {
  const w = world()
  expect(create(w, request({ files: [ofStream('none')] })).ok).toBe(true)
  expect(infoOf(w)).toMatchObject({ errorInfo: { code: 'ResourceNotFoundException' } })
})

it('neighbours N96: a job that is refused fails the creation, and its stream goes', () => {
  const w = world()
  w.refused = invalidRequest('no such target')
  create(w, request())
  expect(infoOf(w)?.errorInfo).toEqual({
    code: 'InvalidRequestException',
    message: 'no such target',
  })
  expect(w.state.countStreams()).toBe(0)
  w.made.set('AFR_OTA-u', { input: request() as never, isLive: true })
  expect(deleteOtaUpdate(w, { otaUpdateId: 'u' }, 0)).toEqual({ ok: true, value: {} })
  expect(w.made.has('AFR_OTA-u')).toBe(true)
})

it('neighbours N77, N96: more files than a stream takes fail the creation by MQTT', () => {
  const w = world()
  create(w, request({ files: Array.from({ length: 11 }, () => s3File) }))
  expect(infoOf(w)).toMatchObject({ otaUpdateStatus: 'CREATE_FAILED' })
})

it('neighbours N98: a live job is deleted only by force; the stream on request', () => {
  const w = world()
  create(w, request())
  expect(deleteOtaUpdate(w, { otaUpdateId: 'u' }, 0)).toMatchObject({
    error: { code: 'InvalidRequestException' },
  })
  const streamId = 'AFR_OTA-id-1'
  expect(deleteStream(w, { streamId })).toMatchObject({
    error: { code: 'DeleteConflictException' },
  })
  deleteOtaUpdate(w, { otaUpdateId: 'u', forceDeleteAWSJob: true }, 0)
  expect([w.made.size, w.state.otaUpdate('u')]).toEqual([0, undefined])
  // Nobody holds it any more.
  expect(deleteStream(w, { streamId }).ok).toBe(true)
  expect(deleteOtaUpdate(w, { otaUpdateId: 'u' }, 0)).toMatchObject({
    error: { code: 'ResourceNotFoundException' },
  })
})

it('neighbours N98: a job that is over, or gone, needs no force', () => {
  const w = world()
  create(w, request())
  const job = w.made.get('AFR_OTA-u')
  if (job !== undefined) job.isLive = false
  const input = { otaUpdateId: 'u', deleteStream: true }
  expect(deleteOtaUpdate(w, input, 0)).toEqual({ ok: true, value: {} })
  expect(w.state.countStreams()).toBe(0)
  create(w, request())
  w.made.clear()
  expect(deleteOtaUpdate(w, input, 0).ok).toBe(true)
})

it('neighbours N96: lists are by status, newest first', () => {
  const w = world()
  create(w, request({ otaUpdateId: 'good' }))
  createOtaUpdate(w, request({ otaUpdateId: 'bad' }), [undefined], 2_000)
  const ids = (status?: 'CREATE_FAILED' | 'CREATE_COMPLETE') => {
    const listed = listOtaUpdates(w, { otaUpdateStatus: status })
    return listed.ok ? listed.value.otaUpdates?.map(({ otaUpdateId }) => otaUpdateId) : undefined
  }
  expect([ids(), ids('CREATE_FAILED'), ids('CREATE_COMPLETE')]).toEqual([
    ['bad', 'good'],
    ['bad'],
    ['good'],
  ])
})
