/** `muster exec`: a command and its server begin and end together. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { IoTClient, ListThingsCommand } from '@aws-sdk/client-iot'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { MAIN, muster, startMuster, type Ended } from './muster-process.ts'

/** Stands for the system's temporary folder, so that what is left behind is seen. */
const temporary = mkdtempSync(join(tmpdir(), 'muster-exec-test-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

const env = {
  TMPDIR: temporary,
  AWS_PROFILE: 'elsewhere',
  AWS_ENDPOINT_URL_IOT: 'http://127.0.0.1:1',
}
const node = (script: string): string[] => [
  '--',
  process.execPath,
  '--input-type=module',
  '-e',
  script,
]
const exec = (command: readonly string[], more: object = {}): Promise<Ended> =>
  muster(['exec', ...command], { env: { ...env, ...more } })

it('the command finds a fresh server in its environment, and nothing is left of it', async () => {
  const { code, stdout, stderr } = await exec([
    '--clock',
    'virtual',
    ...node(`
      import { existsSync } from 'node:fs'
      const { env } = process
      const health = await (await fetch(env.AWS_ENDPOINT_URL + '/_muster/health')).json()
      console.log(JSON.stringify({ env, mode: health.mode, ca: existsSync(env.MUSTER_CA) }))
    `),
  ])
  expect(code, stderr).toBe(0)
  const said = JSON.parse(stdout) as { env: Record<string, string>; mode: string; ca: boolean }
  expect([said.mode, said.ca]).toEqual(['virtual', true])
  expect(said.env).toMatchObject({
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: `http://localhost:${said.env['MUSTER_HTTP_PORT']}`,
  })
  for (const name of ['MUSTER_MQTT_PORT', 'MUSTER_HTTPS_PORT', 'MUSTER_ALPN_PORT']) {
    expect(Number(said.env[name])).toBeGreaterThan(0)
  }
  expect(said.env).not.toHaveProperty('AWS_PROFILE')
  expect(said.env).not.toHaveProperty('AWS_ENDPOINT_URL_IOT')
  expect(readdirSync(temporary)).toEqual([])
})

it('commands of muster inside find the same server', async () => {
  const { code, stdout } = await exec(['--', process.execPath, MAIN, 'env'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/export MUSTER_CA='.*muster-exec-/)
})

it('input passes through', async () => {
  const child = startMuster(['exec', '--', 'cat'], { env, stdin: 'pipe' })
  child.stdin?.end('line\n')
  let stdout = ''
  child.stdout?.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  await once(child, 'close')
  expect(stdout).toBe('line\n')
})

it.each<readonly [what: string, command: readonly string[], status: number]>([
  ['that of the command', node('process.exit(7)'), 7],
  ['128 and the signal', node("process.kill(process.pid, 'SIGKILL')"), 137],
])('the exit status is %s', async (_what, command, status) => {
  expect((await exec(command)).code).toBe(status)
  expect(readdirSync(temporary)).toEqual([])
})

it('the exit status is 127 where there is no such command', async () => {
  expect(await exec(['--', 'no-such-command-here', '--version'])).toEqual({
    code: 127,
    stdout: '',
    stderr: 'muster: cannot run `no-such-command-here`: there is no such command\n',
  })
  expect(readdirSync(temporary)).toEqual([])
})

it('the exit status is 126 where a command cannot be run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-exec-plain-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const plain = join(folder, 'plain')
  writeFileSync(plain, '', { mode: 0o644 })
  expect((await exec(['--', plain])).code).toBe(126)
})

it('the exit status is 125 where no server starts', async () => {
  const { code, stderr } = await exec(node(''), { TMPDIR: join(temporary, 'absent') })
  expect([code, stderr.startsWith('muster: no server: ')]).toEqual([125, true])
})

it('a command is asked for', async () => {
  expect((await exec([])).stderr).toBe("muster: missing required argument 'command'\n")
})

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s goes on to the command, which may end in its own time',
  async (signal) => {
    const child = startMuster(
      [
        'exec',
        ...node(`
          process.once('${signal}', () => {
            console.log('going')
            process.exitCode = 3
            clearInterval(stay)
          })
          const stay = setInterval(() => {}, 1000)
          console.log(JSON.stringify(process.env))
        `),
      ],
      { env },
    )
    const closed = once(child, 'close')
    const lines: string[] = []
    if (child.stdout !== null) {
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line)
        if (lines.length === 1) child.kill(signal)
      }
    }
    expect([lines[1], (await closed)[0]]).toEqual(['going', 3])
    const of = JSON.parse(lines[0] ?? '') as Record<string, string>
    expect(existsSync(of['MUSTER_DATA'] ?? '')).toBe(false)
    const iot = new IoTClient({
      endpoint: of['AWS_ENDPOINT_URL'] ?? '',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    })
    await expect(iot.send(new ListThingsCommand())).rejects.toThrow('ECONNREFUSED')
  },
)

it('a signal before the command runs ends it all, and the command never runs', async () => {
  const child = startMuster(['exec', ...node("console.log('ran')")], { env })
  let stdout = ''
  child.stdout?.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  const closed = once(child, 'close')
  const looking = setInterval(() => {
    // The folder is made once the signals are taken, and before the server starts.
    if (readdirSync(temporary).length === 0) return
    clearInterval(looking)
    child.kill('SIGTERM')
  }, 1)
  const [code] = await closed
  expect([code, stdout, readdirSync(temporary)]).toEqual([143, '', []])
})
