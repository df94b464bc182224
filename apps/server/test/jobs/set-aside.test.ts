/** Due work that throws: the rest goes on, and everybody can see what does not. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateJobCommand, DescribeJobExecutionCommand } from '@aws-sdk/client-iot'
import { StartNextPendingJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'

interface HealthAnswer {
  readonly status: string
  readonly setAside?: readonly { readonly name: string; readonly message: string }[]
}

it('jobs J60: a timeout that cannot be done is set aside and told; those behind it happen', async () => {
  let server = await startTestServer()
  onTestFinished(() => server.close())
  for (const name of ['1', '2']) {
    const { thingArn } = await createDevice(server.iot, `T${name}`)
    await server.iot.send(
      new CreateJobCommand({
        jobId: `J${name}`,
        targets: [thingArn],
        document: '{}',
        timeoutConfig: { inProgressTimeoutInMinutes: 1 },
      }),
    )
    await server.advance(1)
    const start = new StartNextPendingJobExecutionCommand({ thingName: `T${name}` })
    await server.jobsData.send(start)
  }
  const whole = damage(server, '{"jobId":')
  server = await server.restart()
  expect(await health(server)).toMatchObject({ status: 'ok' })

  await server.advance(62)
  expect(await statusOf(server, '2')).toBe('TIMED_OUT')
  expect(await health(server)).toMatchObject({
    status: 'degraded',
    setAside: [{ name: 'due work timeout/J1/1/T1', message: expect.stringContaining('JSON') }],
  })
  const metrics = await (await server.admin('GET', 'metrics')).text()
  expect(metrics).toContain('\nmuster_set_aside 1\n')
  expect(metrics).toMatch(/\nmuster_failures_total [1-9]/)

  damage(server, whole)
  await server.advance(240)
  expect(await statusOf(server, '1')).toBe('TIMED_OUT')
  const mended = await health(server)
  expect(mended.status).toBe('ok')
  expect(mended.setAside).toBeUndefined()
})

/** Gives the first job another configuration behind the server's back. @returns the one it had */
function damage(server: TestServer, config: string): string {
  const database = new DatabaseSync(join(server.options.dataDir ?? '', 'muster.db'))
  const before = database.prepare("SELECT config FROM jobs WHERE job_id = 'J1'").get()
  database.prepare("UPDATE jobs SET config = ? WHERE job_id = 'J1'").run(config)
  database.close()
  return String(before?.['config'])
}

async function health(server: TestServer): Promise<HealthAnswer> {
  return (await (await server.admin('GET', 'health')).json()) as HealthAnswer
}

async function statusOf(server: TestServer, name: string): Promise<string | undefined> {
  const { execution } = await server.iot.send(
    new DescribeJobExecutionCommand({ jobId: `J${name}`, thingName: `T${name}` }),
  )
  return execution?.status
}
