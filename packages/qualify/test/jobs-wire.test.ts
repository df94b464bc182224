import { expect, test } from 'vitest'
import {
  codeOfException,
  meets,
  readJobsPath,
  readJobsTopic,
  rejectedTopic,
  type Requested,
} from '../src/index.ts'

const base = '$aws/things/lamp/jobs/'

test.each([
  ['get', { request: 'get' }],
  ['start-next', { request: 'start-next' }],
  ['$next/get', { request: 'describe', jobId: '$next' }],
  ['job-1/get', { request: 'describe', jobId: 'job-1' }],
  ['job-1/update', { request: 'update', jobId: 'job-1' }],
] as const)('jobs J1: %s is a request, and its answer is known by it', (path, asked) => {
  expect(readJobsTopic(base + path)).toEqual({ kind: 'request', thingName: 'lamp', asked })
  expect(readJobsTopic(`${base}${path}/rejected`)).toEqual({
    kind: 'answer',
    thingName: 'lamp',
    asked,
    accepted: false,
  })
  expect(rejectedTopic('lamp', asked)).toBe(`${base}${path}/rejected`)
})

test('jobs J40: notifications are told from requests, and other topics are none of Jobs', () => {
  expect(readJobsTopic(`${base}notify-next`)).toEqual({
    kind: 'notice',
    thingName: 'lamp',
    topic: 'notify-next',
  })
  expect(readJobsTopic('$aws/things/lamp/shadow/update')).toBeUndefined()
  expect(readJobsTopic(`${base}job-1/delete`)).toBeUndefined()
})

test('jobs J45: methods and paths of the HTTPS data plane are the same requests', () => {
  expect(readJobsPath('PUT', '/things/a%20b/jobs/$next')).toEqual({
    thingName: 'a b',
    asked: { request: 'start-next' },
  })
  expect(readJobsPath('GET', '/things/lamp/jobs')?.asked).toEqual({ request: 'get' })
  expect(readJobsPath('GET', '/things/lamp/jobs/j?includeJobDocument=true')?.asked).toEqual({
    request: 'describe',
    jobId: 'j',
  })
  expect(readJobsPath('POST', '/things/lamp/jobs/j')?.asked).toEqual({
    request: 'update',
    jobId: 'j',
  })
  expect(readJobsPath('POST', '/topics/news')).toBeUndefined()
})

test('jobs J49: exceptions have their MQTT codes, one that nobody knows its own name', () => {
  expect(codeOfException('ThrottlingException:http://x')).toBe('RequestThrottled')
  expect(codeOfException('OddException')).toBe('OddException')
})

test('a fault meets the messages that it names and no others', () => {
  const end: Requested = {
    kind: 'request',
    id: 1,
    request: 'update',
    thingName: 'lamp',
    jobId: 'a',
    body: { status: 'SUCCEEDED' },
    lost: false,
  }
  const fault = { on: 'request', request: 'update', terminal: true, does: 'lose' } as const
  expect(meets(fault, { message: end }, 'a')).toBe(true)
  expect(meets(fault, { message: end }, 'b')).toBe(false)
  expect(meets(fault, { message: { ...end, body: { status: 'IN_PROGRESS' } } }, 'a')).toBe(false)
  const answer = {
    kind: 'answer',
    to: 1,
    request: 'update',
    jobId: 'a',
    accepted: true,
    body: {},
    lost: false,
  } as const
  expect(meets({ ...fault, on: 'answer' }, { message: answer, asked: end }, 'a')).toBe(true)
  expect(meets({ ...fault, on: 'notice' }, { message: answer, asked: end }, 'a')).toBe(false)
})
