/** `docs/denials.md` from a started server to a denied publish understood and mended. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { startServerProcess } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { exampleFolder, musterOnPath } from './ci-examples.ts'

const run = promisify(execFile)
const page = readFileSync(new URL('../../../docs/denials.md', import.meta.url), 'utf8')
const aws = process.env['AWS'] ?? (existsSync('/usr/bin/aws') ? '/usr/bin/aws' : 'aws')

interface Block {
  readonly language: string
  readonly file: string | undefined
  readonly text: string
}

const blocks: readonly Block[] = [...page.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(
  ([, language = '', file, text = '']) => ({ language, file, text }),
)

/** What differs from run to run. */
const settled = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, 'TIME')
    .replaceAll(/[0-9a-f]{12}…/g, 'ID')
    .replaceAll(/(?<=policy explain )\d+/g, 'ID')

it('each command says what the page says, and after eight the publish is taken', async () => {
  const cwd = exampleFolder('shell')
  const server = await startServerProcess(['--data', join(cwd, '.muster')])
  onTestFinished(() => server.kill('SIGKILL'))
  const path = [musterOnPath(cwd), process.env['PATH']].join(delimiter)
  const shell = (text: string): Promise<string> => {
    const line = text
      .replaceAll(/npx -y pnpm@12 (?:--silent )?muster/g, 'muster')
      .replaceAll('8883', String(server.mqttPort))
    // What the shell knows stays known: the lines are of one terminal.
    const script = `aws() { '${aws}' "$@"; }; eval "$(muster env)"; ${line}`
    const env = { ...process.env, PATH: path, MUSTER_DATA: join(cwd, '.muster'), AWS_PAGER: '' }
    return run('bash', ['-c', script], { cwd, env }).then(
      ({ stdout, stderr }) => stdout + stderr,
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `failed: ${stdout}${stderr}`,
    )
  }
  const [up, ...rest] = blocks
  expect(up?.text).toBe('npx -y pnpm@12 muster up\n')
  let commands = 1
  let said = ''
  for (const { language, file, text } of rest) {
    if (file !== undefined) writeFileSync(join(cwd, file), text)
    else if (language === 'text') expect(settled(said)).toContain(settled(text))
    else {
      said = await shell(text)
      commands += text
        .split('\n')
        .filter((line) => /^(?:npx|eval|aws|mosquitto_pub) /.test(line)).length
    }
  }
  expect(said).toBe('')
  expect(commands).toBe(8)
})
