/** The log: lines to read on a terminal, JSON for programs, colours where they are wanted. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createDevice, requestHttps, startTestServer } from '@muster/server/testkit'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { readableLine, type LogEntry } from '../src/log-line.ts'
import { entryLog } from '../src/log.ts'

const run = promisify(execFile)
const entry = {
  level: 40,
  time: new Date(2026, 10, 29, 14, 3, 7, 45).getTime(),
  msg: 'denied',
  action: 'iot:Publish',
  resource: 'arn:aws:iot:us-east-1:123456789012:topic/a b',
  count: 1,
  clientId: undefined,
  hint: 'no statement allows iot:Publish',
}

it('an entry is one line, with the hint last', () => {
  expect(readableLine(entry, false)).toBe(
    '14:03:07.045 WARN  denied action=iot:Publish ' +
      'resource="arn:aws:iot:us-east-1:123456789012:topic/a b" count=1 ' +
      'hint: no statement allows iot:Publish',
  )
})

it('colours are added around the same text', () => {
  const line = readableLine(entry, true)
  expect(line).toContain('\u001b[33mWARN')
  // oxlint-disable-next-line no-control-regex -- the colours are what is taken away
  expect(line.replaceAll(/\u001b\[\d+m/g, '')).toBe(readableLine(entry, false))
})

it('a fault is its message, and no text of a client begins a line or moves the cursor', () => {
  const err = { type: 'Error', message: 'disk\nfull', stack: 'Error: disk\n    at x' }
  const line = readableLine(
    { level: 60, time: 0, msg: 'a\u001b[2Jb', err, topic: 'x\u2028y\u009b1A' },
    false,
  )
  expect(line).toMatch(/FATAL a\\u001b\[2Jb err="Error: disk\\nfull" topic="x\\u2028y\\u009b1A"$/)
  expect(readableLine({ level: 20, time: 0, nested: { a: [1] } }, false)).toMatch(
    /DEBUG {2}nested=\{"a":\[1\]\}$/,
  )
})

it('a denial is logged with what would mend it', async () => {
  const entries: LogEntry[] = []
  const log = pino(
    { level: 'warn' },
    { write: (json) => entries.push(JSON.parse(json) as LogEntry) },
  )
  const server = await startTestServer({ log })
  onTestFinished(() => server.close())
  const device = await createDevice(server.iot, 'd1')
  expect((await requestHttps(server, device, 'POST', '/topics/a', 'x')).status).toBe(403)
  expect(entries.map((it) => readableLine(it, false))).toEqual([
    expect.stringMatching(
      /WARN {2}denied iot:Publish on \S+ is denied: .* principalId=[0-9a-f]{12} sourceIp=127\.0\.0\.1 hint: .*thing variables do not exist over HTTPS$/,
    ),
  ])
})

it('where stderr is no terminal the log is JSON, unless lines are asked for', async () => {
  const module = new URL('../src/log.ts', import.meta.url).href
  const script = (format: string): string =>
    `import { stderrLog } from '${module}'; stderrLog('info'${format}).warn({ hint: 'h' }, 'm')`
  const said = async (format: string, more: object = {}): Promise<string> => {
    const env = { ...process.env, ...more }
    const flags = ['--input-type=module', '-e', script(format)]
    return (await run(process.execPath, flags, { env })).stderr
  }
  const json = await said('')
  expect(JSON.parse(json)).toMatchObject({ level: 40, msg: 'm', hint: 'h' })
  const plain = await said(", 'pretty'", { NO_COLOR: '1' })
  expect(plain).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}m hint: h\n$/)
})

it.each([
  ['trace', 3],
  ['debug', 3],
  ['warn', 1],
  ['silent', 0],
])('a log of level %s says %i of a warning, a note and a detail', (level, count) => {
  const entries: unknown[] = []
  const log = entryLog(level, (told) => entries.push(told))
  log.warn('a warning')
  log.info('a note')
  log.debug('a detail')
  expect(entries).toHaveLength(count)
})
