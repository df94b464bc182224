/** `muster rehearse --live`: the things of a registry, with their groups and attributes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AddThingToThingGroupCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
} from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { musterHere } from './muster-here.ts'
import type { Ended } from './muster-process.ts'

let cwd: string
let server: TestServer

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'muster-rehearse-live-'))
  server = await startTestServer()
  const { iot } = server
  await iot.send(new CreateThingGroupCommand({ thingGroupName: 'field' }))
  for (let number = 1; number <= 30; number += 1) {
    const thingName = `sensor-${number}`
    const attributes = { hardware: number % 3 === 0 ? 'old' : 'new' }
    await iot.send(new CreateThingCommand({ thingName, attributePayload: { attributes } }))
    if (number > 10) continue
    await iot.send(new AddThingToThingGroupCommand({ thingGroupName: 'field', thingName }))
  }
  writeFileSync(join(cwd, 'job.json'), '{}')
  const targets = ['arn:aws:iot:us-east-1:123456789012:thinggroup/field']
  writeFileSync(join(cwd, 'targeted.json'), JSON.stringify({ targets }))
  writeFileSync(
    join(cwd, 'fleet.yaml'),
    [
      'name: mine',
      'devices: 1',
      'groups:',
      '  - { name: field, jobs: [{ behaviour: succeed, durationSeconds: 600 }] }',
      '  - { name: elsewhere }',
      'bad: [{ where: { group: elsewhere, attributes: { hardware: old } }, behaviour: fail }]',
    ].join('\n'),
  )
})
afterAll(async () => {
  await server.close()
  rmSync(cwd, { recursive: true, force: true })
})

function rehearse(...flags: readonly string[]): Promise<Ended> {
  const where = ['--live', '--http-port', String(server.httpPort), '--seeds', '1', '--json']
  return musterHere(['rehearse', ...flags, ...where, '--sensitivity', 'off'], { cwd, env: {} })
}

function last({ stdout }: Ended): Readonly<Record<string, unknown>> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>
}

it('rehearses on all things of the registry', async () => {
  const ended = await rehearse('--job', 'job.json')
  expect(last(ended)).toMatchObject({ devices: 30, abortProbability: 0 })
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('--fleet') as string })
})

it('rehearses on those that the targets reach', async () => {
  const ended = await rehearse('--job', 'targeted.json', '--fleet', 'fleet.yaml')
  expect(last(ended)).toMatchObject({ devices: 10 })
  // They are in the thing group `field`, whose devices take ten minutes.
  const { completionSeconds } = last(ended) as { completionSeconds: { p50: number } }
  expect(completionSeconds.p50).toBeGreaterThanOrEqual(600)
})

it('takes groups and attributes of the registry for those of the fleet', async () => {
  const { stdout } = await rehearse('--job', 'job.json', '--fleet', 'fleet.yaml')
  const seed = JSON.parse(stdout.split('\n')[0] ?? '') as { succeeded: number }
  // Seven of the twenty that are not in the field are old, and fail.
  expect(seed.succeeded).toBe(23)
})

it('says what cannot be', async () => {
  expect(await rehearse('--job', 'job.json', '--devices', '5')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--devices is for an imagined fleet') as string,
  })
  writeFileSync(
    join(cwd, 'lost.json'),
    '{"targets":["arn:aws:iot:us-east-1:123456789012:thing/nobody"]}',
  )
  expect(await rehearse('--job', 'lost.json')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nobody') as string,
  })
})
