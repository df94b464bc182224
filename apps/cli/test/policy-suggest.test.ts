/**
 * `muster policy suggest`: what a server records of its devices, and the policy that comes of it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  requestHttps,
  startTestServer,
} from '@muster/server/testkit'
import { afterAll, describe, expect, it } from 'vitest'

import { musterHere } from './muster-here.ts'
import { muster as musterProcess } from './muster-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-suggest-'))
afterAll(() => rmSync(folder, { recursive: true }))

const muster = (...flags: readonly string[]): ReturnType<typeof musterHere> =>
  musterHere(['policy', 'suggest', ...flags], { cwd: folder, env: {} })

interface Printed {
  readonly policies: readonly {
    readonly documents: readonly { readonly policyDocument: object }[]
    readonly beyond: readonly { readonly resource: string }[]
  }[]
  readonly replayed: number
  readonly denied: readonly object[]
}

const twoKinds = `name: two-kinds
devices: 6
groups:
  - { name: gateways, share: 0.34, thingType: gateway }
  - { name: pollers, share: 0.16, connection: { protocol: https, pollSeconds: 1 } }
  - name: meters
    share: 0.5
    thingType: meter
    telemetry:
      - { topic: 'meters/\${thing}/readings', rate: { perSecond: 4 } }
phases:
  - connect: {}
  - telemetry: { forSeconds: 1 }
  - job: { groups: [gateways, pollers], document: { operation: update } }
  - await: { what: job }
assertions:
  - { metric: succeeded, equals: 3 }
`

describe('policy suggest', () => {
  it('suggests one policy for devices over MQTT and HTTPS, from a file and from the server', async () => {
    const recordFile = join(folder, 'traffic.jsonl')
    const server = await startTestServer({ recordFile })
    const http = ['--http-port', String(server.httpPort)]
    try {
      for (const name of ['lamp-1', 'lamp-2']) {
        const device = await createDevice(server.iot, name, { policyDocument: OPEN_POLICY })
        const client = await connectMqtt(server, device)
        await client.subscribeAsync(`$aws/things/${name}/jobs/notify-next`)
        await client.publishAsync(`$aws/things/${name}/jobs/start-next`, '{}', { qos: 1 })
        await client.endAsync()
        const answer = await requestHttps(server, device, 'GET', `/things/${name}/jobs`)
        expect(answer.status).toBe(200)
      }
      const live = await muster('--live', ...http, '--json')
      expect(live.code).toBe(0)
      const { policies, replayed, denied } = JSON.parse(live.stdout) as Printed
      expect(denied).toEqual([])
      expect(replayed).toBeGreaterThanOrEqual(8)
      expect(policies).toHaveLength(1)
      expect(JSON.stringify(policies[0]?.documents)).toContain('${iot:Connection.Thing.ThingName}')
      expect(JSON.stringify(policies[0]?.documents)).toContain(
        'thing/${iot:Certificate.Subject.CommonName}',
      )
      expect(JSON.stringify(policies[0]?.documents)).not.toContain('lamp-1')
    } finally {
      await server.close()
    }
    const read = await muster('--record', recordFile, '--out', join(folder, 'out'))
    expect(read.code).toBe(0)
    expect(read.stdout).toMatch(/^replayed \d+ requests: 0 denied$/m)
    const written = readFileSync(join(folder, 'out', 'suggested.json'), 'utf8')
    expect(JSON.parse(written)).toMatchObject({ Version: '2012-10-17' })
  })

  it('suggests two policies for a simulated fleet of two kinds, one of them over MQTT and HTTPS', async () => {
    const recordFile = join(folder, 'two-kinds.jsonl')
    const scenario = join(folder, 'two-kinds.yaml')
    writeFileSync(scenario, twoKinds)
    const server = await startTestServer({ recordFile })
    try {
      const where = ['--http-port', String(server.httpPort), '--data', join(folder, 'two-kinds')]
      const run = await musterProcess(['simulate', ...where, '--scenario', scenario])
      expect(run.code, run.stderr).toBe(0)
    } finally {
      await server.close()
    }
    const { code, stdout } = await muster('--record', recordFile, '--json')
    expect(code).toBe(0)
    const { policies, replayed, denied } = JSON.parse(stdout) as Printed
    expect(denied).toEqual([])
    expect(replayed).toBeGreaterThan(20)
    expect(policies).toHaveLength(2)
    const texts = policies.map(({ documents }) => JSON.stringify(documents))
    const readings = texts.filter((text) => text.includes('topic/meters/'))
    const calls = texts.filter((text) => text.includes('iotjobsdata:UpdateJobExecution'))
    expect([readings.length, calls.length]).toEqual([1, 1])
    expect(readings).not.toEqual(calls)
    for (const text of texts) {
      expect(text).not.toContain('"*"')
      expect(text).not.toContain('two-kinds-0')
    }
  }, 90_000)

  it('says how to record where nothing was, and which line is none', async () => {
    const server = await startTestServer()
    try {
      const { code, stderr } = await muster('--live', '--http-port', String(server.httpPort))
      expect(code).toBe(2)
      expect(stderr).toContain('start it with --record FILE, or give --for MINUTES')
    } finally {
      await server.close()
    }
    const bad = join(folder, 'bad.jsonl')
    writeFileSync(bad, '{}\n')
    const { code, stderr } = await muster('--record', bad)
    expect(code).toBe(2)
    expect(stderr).toContain('line 1 is no line of a recording')
  })

  it('--for records anew, and only for so long', async () => {
    const server = await startTestServer()
    try {
      const flags = ['--live', '--for', '0.001', '--http-port', String(server.httpPort)]
      const { code, stderr } = await muster(...flags)
      expect(stderr).toContain('recording for 0.001 minutes')
      expect(stderr).toContain('nothing was recorded')
      expect(code).toBe(2)
      const answer = await fetch(`http://localhost:${server.httpPort}/_muster/recording`)
      expect(await answer.json()).toEqual({ on: false, dropped: 0, lines: [] })
    } finally {
      await server.close()
    }
  })
})
