/** Streams as operators see them. */
import { expect, it } from 'vitest'
import {
  createStream,
  deleteStream,
  describeStream,
  hasResource,
  listStreams,
  locationsAfter,
  locationsIn,
  updateStream,
} from '../src/index.ts'
import { account, facts, roleArn, world } from './streams-world.ts'

const file = (fileId: number, key = `k${fileId}`) => ({
  fileId,
  s3Location: { bucket: 'fw', key },
})

it('neighbours N78: versions count from 1, and describe tells what was given', () => {
  const w = world()
  const input = { streamId: 's', roleArn, description: 'd', files: [file(0), file(7)] }
  expect(createStream(w, input, [facts(1), undefined], 1_000)).toEqual({
    ok: true,
    value: {
      streamId: 's',
      streamArn: 'arn:aws:iot:eu-west-1:123456789012:stream/s',
      description: 'd',
      streamVersion: 1,
    },
  })
  const changed = updateStream(w, { streamId: 's', files: [file(1)] }, [facts(1, 'n')], 2_500)
  expect(changed).toMatchObject({ value: { streamVersion: 2, description: 'd' } })
  expect(describeStream(w, { streamId: 's' })).toMatchObject({
    value: {
      streamInfo: {
        streamVersion: 2,
        files: [file(1)],
        roleArn,
        createdAt: new Date(1_000),
        lastUpdatedAt: new Date(2_500),
      },
    },
  })
  expect(w.state.stream('s')?.files[0]?.etag).toBe('n')
})

it('neighbours N78, N89: an update without files takes those there are as they are now', () => {
  const w = world()
  createStream(w, { streamId: 's', roleArn, files: [file(0)] }, [facts(1, 'old')], 0)
  expect(locationsAfter(w, { streamId: 's' })).toEqual([{ bucket: 'fw', key: 'k0' }])
  updateStream(w, { streamId: 's', description: 'new' }, [facts(1, 'new')], 1)
  expect(w.state.stream('s')).toMatchObject({ description: 'new', files: [{ etag: 'new' }] })
})

it.each([
  ['no file', []],
  ['eleven files', Array.from({ length: 11 }, (_, fileId) => file(fileId))],
  ['a file id twice', [file(1), file(1, 'other')]],
  ['no file id', [{ s3Location: { bucket: 'fw', key: 'k' } }]],
  ['no key', [{ fileId: 0, s3Location: { bucket: 'fw' } }]],
  ['no location', [{ fileId: 0 }]],
  [
    'a bucket that leads out of the folder',
    [{ fileId: 0, s3Location: { bucket: '..', key: 'k' } }],
  ],
])('neighbours N77: %s is refused', (_what, files) => {
  const w = world()
  expect(locationsIn(files)).toEqual([])
  expect(createStream(w, { streamId: 's', roleArn, files }, [], 0)).toMatchObject({
    error: { code: 'InvalidRequestException' },
  })
  expect(w.state.countStreams()).toBe(0)
})

it('neighbours N77: a file above 24 MB is refused, named', () => {
  const looked = [facts(25_165_824), facts(25_165_825)]
  const input = { streamId: 's', roleArn, files: [file(0), file(1)] }
  expect(createStream(world(), input, looked, 0)).toMatchObject({
    error: { message: expect.stringContaining('s3://fw/k1 has 25165825 bytes') as string },
  })
})

it('neighbours N79: taken, unknown, full, and in use by an OTA update', () => {
  const w = world()
  const input = { streamId: 's', roleArn, files: [file(0)] }
  createStream(w, input, [undefined], 0)
  expect(createStream(w, input, [undefined], 0)).toMatchObject({
    error: { code: 'ResourceAlreadyExistsException', members: { resourceId: 's' } },
  })
  for (const absent of [
    updateStream(w, { streamId: 'x' }, [], 0),
    describeStream(w, { streamId: 'x' }),
    deleteStream(w, { streamId: 'x' }),
  ]) {
    expect(absent).toMatchObject({ error: { code: 'ResourceNotFoundException' } })
  }
  const made = w.state.stream('s')
  if (made !== undefined) w.state.putStream({ ...made, otaUpdateId: 'u' })
  expect(deleteStream(w, { streamId: 's' })).toMatchObject({
    error: { code: 'DeleteConflictException' },
  })
  w.state.countStreams = () => 10_000
  expect(createStream(w, { ...input, streamId: 't' }, [undefined], 0)).toMatchObject({
    error: { code: 'LimitExceededException' },
  })
})

it('neighbours N3: tags come and go with a stream', () => {
  const w = world()
  const tags = [{ Key: 'a', Value: 'b' }]
  const arn = 'arn:aws:iot:eu-west-1:123456789012:stream/s'
  createStream(w, { streamId: 's', roleArn, tags, files: [file(0)] }, [undefined], 0)
  expect([w.tags.get(arn), hasResource(account, w.state, arn)]).toEqual([tags, true])
  deleteStream(w, { streamId: 's' })
  expect([w.tags.get(arn), hasResource(account, w.state, arn)]).toEqual([undefined, false])
})

it('neighbours N76: pages follow each other in both orders, and a token is of its list', () => {
  const w = world()
  for (const [at, streamId] of ['a', 'b', 'c'].entries()) {
    createStream(w, { streamId, roleArn, files: [file(0)] }, [undefined], at)
  }
  const pages = (ascendingOrder: boolean): string[][] => {
    const found: string[][] = []
    let nextToken: string | undefined
    do {
      const page = listStreams(w, { maxResults: 2, ascendingOrder, nextToken })
      if (!page.ok) throw new Error(page.error.message)
      found.push((page.value.streams ?? []).map(({ streamId }) => streamId ?? ''))
      nextToken = page.value.nextToken
    } while (nextToken !== undefined)
    return found
  }
  expect([pages(true), pages(false)]).toEqual([
    [['a', 'b'], ['c']],
    [['c', 'b'], ['a']],
  ])
  const first = listStreams(w, { maxResults: 1, ascendingOrder: true })
  const nextToken = first.ok ? first.value.nextToken : undefined
  for (const bad of [listStreams(w, { nextToken }), listStreams(w, { nextToken: 'x' })]) {
    expect(bad).toMatchObject({ error: { code: 'InvalidRequestException' } })
  }
})
