/** The virtual clock (design decision 8). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateJobCommand } from '@aws-sdk/client-iot'
import {
  DescribeJobExecutionCommand,
  StartNextPendingJobExecutionCommand,
} from '@aws-sdk/client-iot-jobs-data-plane'
import { createDevice, startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { startServer } from '../src/index.ts'

it('time that passed with nothing due is not undone by a restart', async () => {
  let server = await startTestServer()
  onTestFinished(() => server.close())
  const { thingArn } = await createDevice(server.iot, 'T1')
  await server.iot.send(new CreateJobCommand({ jobId: 'J1', targets: [thingArn], document: '{}' }))
  await server.jobsData.send(
    new StartNextPendingJobExecutionCommand({ thingName: 'T1', stepTimeoutInMinutes: 2 }),
  )
  await server.advance(60)
  server = await server.restart()
  const { execution } = await server.jobsData.send(
    new DescribeJobExecutionCommand({ thingName: 'T1', jobId: 'J1' }),
  )
  expect(execution?.approximateSecondsBeforeTimedOut).toBeLessThanOrEqual(60)
})

it('an accelerated clock keeps where it was when it stops, quiet hours included', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'muster-clock-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const other = await startTestServer({ clock: 'x10000' })
  onTestFinished(() => other.close())
  const server = await startServer({ ...other.options, dataDir })
  const answer = await fetch(`http://127.0.0.1:${server.httpPort}/_muster/clock`)
  const clock = (await answer.json()) as { nowMs: number }
  await server.close()
  const database = new DatabaseSync(join(dataDir, 'muster.db'), { readOnly: true })
  const kept = database.prepare("SELECT value FROM records WHERE kind = 'clock'").get()
  database.close()
  expect(Number(kept?.['value'])).toBeGreaterThanOrEqual(clock.nowMs)
})

it('a clock that runs by itself is not moved: 409', async () => {
  const server = await startTestServer({ clock: 'x10' })
  onTestFinished(() => server.close())
  const answer = await server.admin('POST', 'clock', { advanceSeconds: 1 })
  expect(answer.status).toBe(409)
  expect(await (await server.admin('GET', 'clock')).json()).toMatchObject({
    mode: 'accelerated',
    rate: 10,
  })
})

it('reset empties the account and puts a virtual clock back to wall time', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  await createDevice(server.iot, 'T1')
  await server.advance(86_400)
  const answer = await server.admin('POST', 'reset')
  const { nowMs } = (await answer.json()) as { nowMs: number }
  expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000)
  // The name is free again, certificates and policies are gone.
  await createDevice(server.iot, 'T1')
})

it('wall time that was put back while nobody ran is not told again', async () => {
  let server = await startTestServer({ clock: 'system' })
  onTestFinished(() => server.close())
  await createDevice(server.iot, 'T1')
  await server.stop()
  const database = new DatabaseSync(join(server.options.dataDir ?? '', 'muster.db'))
  const keptMs = Date.now() + 600_000
  const { changes } = database
    .prepare("UPDATE records SET value = ? WHERE kind = 'clock'")
    .run(String(keptMs))
  database.close()
  expect(changes).toBe(1)
  server = await server.restart()
  const { nowMs } = (await (await server.admin('GET', 'clock')).json()) as { nowMs: number }
  expect(nowMs).toBeGreaterThanOrEqual(keptMs)
})
