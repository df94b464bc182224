/** What every state of streams must do, in memory and on SQLite, and that a file keeps it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryStreamsState, type OtaUpdate, type Stream, type StreamsState } from '@muster/streams'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../src/index.ts'

const store = openStore()
afterAll(() => store.close())

function emptied(): StreamsState {
  store.reset()
  return store.streams
}

const stream = (streamId: string, createdAtMs: number, version = 1): Stream => ({
  streamId,
  streamArn: `arn:stream/${streamId}`,
  streamVersion: version,
  description: 'ü',
  files: [{ fileId: 0, s3Location: { bucket: 'b', key: 'k', version: 'v' }, etag: 'e' }],
  roleArn: 'arn:aws:iam::123456789012:role/R',
  createdAtMs,
  lastUpdatedAtMs: createdAtMs,
})

const update = (
  otaUpdateId: string,
  createdAtMs: number,
  status: OtaUpdate['status'] = 'CREATE_COMPLETE',
): OtaUpdate => ({
  otaUpdateId,
  otaUpdateArn: `arn:otaupdate/${otaUpdateId}`,
  createdAtMs,
  lastModifiedAtMs: createdAtMs,
  status,
  targets: ['arn:thing/T'],
  protocols: ['MQTT'],
  targetSelection: 'SNAPSHOT',
  config: { description: 'd' },
  files: [{ file: { fileName: 'a' }, signature: 'c2ln' }],
  awsIotJobId: `AFR_OTA-${otaUpdateId}`,
  awsIotJobArn: `arn:job/AFR_OTA-${otaUpdateId}`,
})

const ids = (found: readonly (Stream | OtaUpdate)[]): readonly string[] =>
  found.map((one) => ('streamId' in one ? one.streamId : one.otaUpdateId))

describe.each([
  ['memory', () => new MemoryStreamsState()],
  ['SQLite', emptied],
])('state of streams: %s', (_name, open) => {
  it('gives back what was put, and forgets what was deleted', () => {
    const state = open()
    expect(state.stream('a')).toBeUndefined()
    state.putStream(stream('a', 1))
    state.putStream(stream('b', 2))
    state.putStream(stream('a', 1, 2))
    expect(state.stream('a')).toEqual(stream('a', 1, 2))
    expect(state.countStreams()).toBe(2)
    state.deleteStream('a')
    expect([state.stream('a'), state.countStreams()]).toEqual([undefined, 1])
    state.putOtaUpdate(update('u', 1))
    state.putOtaUpdate(update('u', 1, 'CREATE_FAILED'))
    expect(state.otaUpdate('u')).toEqual(update('u', 1, 'CREATE_FAILED'))
    state.deleteOtaUpdate('u')
    expect(state.otaUpdate('u')).toBeUndefined()
  })

  it('lists by time of creation both ways, ties by id, from a place on', () => {
    const state = open()
    for (const [id, atMs] of Object.entries({ c: 1, a: 2, b: 2, d: 3 })) {
      state.putStream(stream(id, atMs))
    }
    expect(ids(state.streams(true, undefined, 10))).toEqual(['c', 'a', 'b', 'd'])
    expect(ids(state.streams(false, undefined, 2))).toEqual(['d', 'b'])
    expect(ids(state.streams(false, { createdAtMs: 2, id: 'b' }, 10))).toEqual(['a', 'c'])
    expect(ids(state.streams(true, { createdAtMs: 2, id: 'a' }, 1))).toEqual(['b'])
  })

  it('lists updates newest first, of one status where that is asked', () => {
    const state = open()
    state.putOtaUpdate(update('a', 1))
    state.putOtaUpdate(update('b', 2, 'CREATE_FAILED'))
    state.putOtaUpdate(update('c', 3))
    expect(ids(state.otaUpdates(undefined, undefined, 10))).toEqual(['c', 'b', 'a'])
    expect(ids(state.otaUpdates('CREATE_COMPLETE', { createdAtMs: 3, id: 'c' }, 10))).toEqual(['a'])
    expect(ids(state.otaUpdates('CREATE_FAILED', undefined, 10))).toEqual(['b'])
  })
})

it('neighbours N5: a file keeps what was committed, and a reset empties it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streams-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'muster.db')
  const first = openStore({ file })
  first.streams.putStream(stream('a', 1))
  first.streams.putOtaUpdate(update('u', 1))
  first.commit()
  first.streams.deleteStream('a')
  first.close()
  const second = openStore({ file })
  expect(second.streams.stream('a')).toEqual(stream('a', 1))
  expect(second.streams.otaUpdate('u')).toEqual(update('u', 1))
  second.reset()
  expect([second.streams.stream('a'), second.streams.otaUpdate('u')]).toEqual([
    undefined,
    undefined,
  ])
  second.close()
})
