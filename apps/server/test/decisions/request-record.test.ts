/**
 * A recording: each request once, bounded, off unless asked for.
 */
import { describe, expect, it } from 'vitest'
import {
  recordedPerDeviceMax,
  RequestRecord,
  type RecordLine,
} from '../../src/decisions/request-record.ts'

const facts = {
  account: { region: 'us-east-1', accountId: '123456789012' },
  certificateId: 'c0ffee',
  clientId: 'lamp',
  protocol: 'mqtt',
  thingNames: ['lamp'],
  thing: { thingName: 'lamp' },
  commonName: 'lamp',
  groups: [],
} as const

describe('a recording', () => {
  it('notes nothing until it is switched on', () => {
    const record = new RequestRecord()
    record.note('d', () => facts, 'iot:Publish', 'topic/a')
    expect(record.lines()).toEqual([])
    record.on = true
    record.note('d', () => facts, 'iot:Publish', 'topic/a')
    expect(record.lines()).toHaveLength(2)
  })

  it('notes each request once, after the device that makes it, and tells its file', () => {
    const told: RecordLine[] = []
    const record = new RequestRecord((line) => told.push(line))
    for (const topic of ['a', 'b', 'a'])
      record.note('d', () => facts, 'iot:Publish', `topic/${topic}`)
    expect(told).toEqual([
      { device: 'd', ...facts },
      { device: 'd', action: 'iot:Publish', resource: 'topic/a' },
      { device: 'd', action: 'iot:Publish', resource: 'topic/b' },
    ])
    expect(record.lines()).toEqual(told)
  })

  it('has room for so many requests of a device, and counts the rest', () => {
    const record = new RequestRecord(() => undefined)
    for (let index = 0; index < recordedPerDeviceMax + 3; index += 1) {
      record.note('d', () => facts, 'iot:Publish', `topic/${index}`)
    }
    record.note('other', () => facts, 'iot:Publish', 'topic/a')
    expect(record.dropped).toBe(3)
    expect(record.lines()).toHaveLength(recordedPerDeviceMax + 3)
    record.clear()
    expect(record.lines()).toEqual([])
  })
})
