/** A server, and `muster device` run in a folder of its own. */
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CreateJobCommand } from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { onTestFinished } from 'vitest'
import { musterHere } from './muster-here.ts'
import type { Ended } from './muster-process.ts'

const run = promisify(execFile)

/** A folder to work in, and the server that commands in it find. */
export interface DeviceBench {
  readonly server: TestServer
  readonly cwd: string
  /** `muster device …`, by default as the operator `test`. */
  device(flags: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  /** Runs the lines below a `# title` of what `device create` printed, as a shell. */
  paste(printed: string, title: string): Promise<string>
  /** A job for a thing. */
  createJob(jobId: string, thingName: string): Promise<void>
}

/** Opens both for the running test. */
export async function deviceBench(
  options: Parameters<typeof startTestServer>[0] = {},
): Promise<DeviceBench> {
  const server = await startTestServer(options)
  onTestFinished(() => server.close())
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'muster-device-')))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  // The device SDKs and MQTT.js are there.
  symlinkSync(join(import.meta.dirname, '../../server/node_modules'), join(cwd, 'node_modules'))
  const { dataDir = '' } = server.options
  return {
    server,
    cwd,
    device: ([command = '', ...flags], env) => {
      // Beside the tests' own files, and by short names.
      const name = flags.find((flag) => !flag.startsWith('--'))
      const placed = command !== 'list' && command !== 'revoke' && !flags.includes('--out')
      const out = placed ? ['--out', name ?? ''] : []
      const environment = { MUSTER_DATA: dataDir, ...env }
      return musterHere(['device', command, ...flags, ...out], { cwd, env: environment })
    },
    paste: async (printed, title) => {
      const lines = pasted(printed, title)
      const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
      const env = { ...process.env, PATH: path }
      return (await run('sh', ['-c', lines], { cwd, env, timeout: 80_000 })).stdout
    },
    createJob: async (jobId, thingName) => {
      const targets = [`arn:aws:iot:us-east-1:123456789012:thing/${thingName}`]
      await server.iot.send(new CreateJobCommand({ jobId, targets, document: '{}' }))
    },
  }
}

/** The lines below a title. */
export function pasted(printed: string, title: string): string {
  const block = printed.split(/^# /m).find((text) => text.startsWith(title))
  if (block === undefined) throw new Error(`no lines for ${title} in ${printed}`)
  return block.slice(block.indexOf('\n') + 1)
}
