/** What `muster device create` prints for programs of Debian. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DescribeJobExecutionCommand } from '@aws-sdk/client-iot'
import { expect, it, onTestFinished } from 'vitest'
import { deviceBench, pasted } from './device-fixture.ts'

it('the lines for curl and mosquitto work as they are pasted', async () => {
  const { server, cwd, device, paste, createJob } = await deviceBench({ clock: 'system' })
  const { stdout: printed } = await device(['create', 'lamp'])
  expect(JSON.parse(await paste(printed, 'curl'))).toEqual({ inProgressJobs: [], queuedJobs: [] })

  const [subscribe = '', start = ''] = pasted(printed, 'mosquitto').trim().split('\n')
  const waiting = spawn('sh', ['-c', `exec stdbuf -oL ${subscribe} -d`], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void waiting.kill())
  let heard = ''
  let subscribed: () => void = () => {}
  const ready = new Promise<void>((resolve) => (subscribed = resolve))
  waiting.stdout.on('data', (bytes: Buffer) => {
    heard += bytes.toString()
    if (heard.includes('Subscribed')) subscribed()
  })
  const closed = once(waiting, 'close')
  await ready
  await createJob('j1', 'lamp')
  expect((await closed)[0]).toBe(0)
  expect(heard).toContain('"jobId":"j1"')

  const answer = JSON.parse(await paste(`# start\n${start}\n`, 'start')) as object
  expect(answer).toMatchObject({ execution: { jobId: 'j1', status: 'IN_PROGRESS' } })
  const asked = new DescribeJobExecutionCommand({ jobId: 'j1', thingName: 'lamp' })
  expect((await server.iot.send(asked)).execution?.status).toBe('IN_PROGRESS')
})
