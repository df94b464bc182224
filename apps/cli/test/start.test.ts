/** `muster start` after its first rollout: the fleet stays and does the jobs that come next. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  CreateJobCommand,
  DescribeEventConfigurationsCommand,
  DescribeJobCommand,
  GetIndexingConfigurationCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import { afterAll, expect, it, onTestFinished, vi } from 'vitest'
import { runningServer } from '../../server/src/running-server.ts'
import { FREE_PORTS, startMuster } from './muster-process.ts'

/** On a busy machine a start takes its time. */
const slow = { timeout: 180_000 }

const folder = mkdtempSync(join(tmpdir(), 'muster-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it(
  'the fleet of start does the next job too, and Ctrl-C ends all of it with status 0',
  slow,
  async () => {
    const data = join(folder, 'stays')
    const start = startMuster(['start', '--json', '--devices', '8', '--data', data, ...FREE_PORTS])
    const ended = once(start, 'close')
    onTestFinished(() => void start.kill('SIGKILL'))
    start.stderr?.resume()
    const summary = JSON.parse(await firstLine(start.stdout)) as Summary
    expect(summary).toMatchObject({ connected: 8, ok: true })
    const url = `http://127.0.0.1:${runningServer(data)?.httpPort}`
    // What a newcomer sees first: nothing that the run itself did was refused.
    expect(await (await fetch(`${url}/_muster/decisions`)).json()).toEqual({ decisions: [] })
    const iot = new IoTClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    const { job } = await iot.send(new DescribeJobCommand({ jobId: summary.jobId }))
    expect(job?.targets).toEqual([expect.stringContaining(':thinggroup/muster-demo-')])
    expect(await iot.send(new DescribeEventConfigurationsCommand({}))).toMatchObject({
      eventConfigurations: { JOB: { Enabled: true }, JOB_EXECUTION: { Enabled: true } },
    })
    expect(await iot.send(new GetIndexingConfigurationCommand({}))).toMatchObject({
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        thingConnectivityIndexingMode: 'STATUS',
      },
      thingGroupIndexingConfiguration: { thingGroupIndexingMode: 'ON' },
    })
    const targets = job?.targets ?? []
    await iot.send(new CreateJobCommand({ jobId: 'next', targets, document: '{}' }))
    await vi.waitFor(async () => {
      const { job: next } = await iot.send(new DescribeJobCommand({ jobId: 'next' }))
      expect(next?.status).toBe('COMPLETED')
    }, slow)
    const simulator = `${url}/_muster/simulator`
    const state = await (await fetch(simulator)).json()
    expect(state).toMatchObject({ state: 'running', scenario: 'muster-demo', connected: 8 })
    const { scenarios } = (await (await fetch(`${simulator}/scenarios`)).json()) as {
      readonly scenarios: readonly { readonly name: string }[]
    }
    expect(scenarios.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['muster-demo', 'ota-wave']),
    )
    iot.destroy()
    const workers = childrenOf(start.pid)
    if (existsSync('/proc')) expect(workers).not.toHaveLength(0)
    start.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    await vi.waitFor(() => expect(workers.filter(isRunning)).toEqual([]), slow)
  },
)

it(
  'a fleet that is stopped through the admin API leaves, and the server stays for the next one',
  slow,
  async () => {
    const data = join(folder, 'stopped')
    const start = startMuster(['start', '--json', '--devices', '2', '--data', data, ...FREE_PORTS])
    const ended = once(start, 'close')
    onTestFinished(() => void start.kill('SIGKILL'))
    start.stderr?.resume()
    await firstLine(start.stdout)
    const simulator = `http://127.0.0.1:${runningServer(data)?.httpPort}/_muster/simulator`
    const post = async (path: string, body?: object): Promise<object> => {
      const init = { method: 'POST', ...(body && { body: JSON.stringify(body) }) }
      return (await (await fetch(`${simulator}/${path}`, init)).json()) as object
    }
    expect(await post('stop')).toMatchObject({ state: 'stopped', connected: 0 })
    await post('start', { scenario: 'muster-demo', devices: 3 })
    await vi.waitFor(
      async () => expect(await (await fetch(simulator)).json()).toMatchObject({ connected: 3 }),
      slow,
    )
    start.kill('SIGINT')
    expect(await ended).toEqual([0, null])
  },
)

/** What the summary of `start` says that the test reads. */
interface Summary {
  readonly jobId: string
}

async function firstLine(stdout: NodeJS.ReadableStream | null): Promise<string> {
  if (stdout === null) throw new Error('no stdout')
  for await (const line of createInterface({ input: stdout })) return line
  throw new Error('start ended before its summary')
}

/** Process ids; none where the system does not say. */
function childrenOf(pid: number | undefined): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
