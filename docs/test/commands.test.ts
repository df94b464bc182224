/** Every command line that a page shows is proven: run here, or by the file that its entry names. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PROOFS, type Proof } from '../proofs-of-commands.ts'
import { shownCommands } from '../shown-commands.ts'

const ROOT = join(import.meta.dirname, '../..')
const lines = new Set(shownCommands().map(({ line }) => line))
const proofs = Object.entries(PROOFS)
const folder = mkdtempSync(join(tmpdir(), 'muster-commands-'))
let server: ChildProcess
let ports: Readonly<Record<string, number>>

/** The server that the commands find in their folder, fast enough for rollouts of minutes. */
beforeAll(async () => {
  const scenario = readFileSync(join(ROOT, 'apps/simulator/scenarios/onboarding-demo.yaml'), 'utf8')
  writeFileSync(join(folder, 'my-fleet.yaml'), scenario)
  copyFileSync(join(ROOT, 'infra/ci/pytest/policy.json'), join(folder, 'policy.json'))
  server = start(
    'npx -y pnpm@12 muster up --clock x200 --json --mqtt-port 0 --https-port 0 --alpn-port 0 --http-port 0',
  )
  const said = JSON.parse(await saidBy(server, /.*"ready":true.*/)) as Record<string, number>
  ports = {
    8883: said['mqttPort'] ?? 0,
    9443: said['alpnPort'] ?? 0,
    4566: said['httpPort'] ?? 0,
  }
})
afterAll(async () => {
  server.kill('SIGINT')
  await once(server, 'close')
  rmSync(folder, { recursive: true, force: true })
})

it('a page shows no command without an entry, and no entry is of a command that is gone', () => {
  expect([...lines].filter((line) => PROOFS[line] === undefined)).toEqual([])
  expect(Object.keys(PROOFS).filter((line) => !lines.has(line))).toEqual([])
})

it.each(ofKind('elsewhere'))('%s: its proof is where the entry says', (_line, proof) => {
  const text = readFileSync(join(ROOT, proof.file), 'utf8')
  expect(text.includes(proof.fragment), `\`${proof.fragment}\` in ${proof.file}`).toBe(true)
})

it.each(ofKind('as'))('%s: as another that is run', (_line, { line }) => {
  expect(['ran', 'stays', 'elsewhere']).toContain(PROOFS[line]?.kind)
})

it.each(ofKind('benchmark'))('%s: there is such a benchmark', (_line, { name }) => {
  expect(existsSync(join(ROOT, 'bench', name, 'main.ts'))).toBe(true)
})

it.each(ofKind('ran'))('%s', { timeout: 120_000 }, async (line, { says, instead }) => {
  const command = start(replaced(line, instead))
  const said = await allSaidBy(command)
  expect(said).toMatch(says)
})

it.each(ofKind('stays'))('%s', { timeout: 60_000 }, async (line, { says, instead }) => {
  const command = start(replaced(line, instead))
  const ended = once(command, 'close')
  await saidBy(command, says)
  command.kill('SIGINT')
  // One that waits for a debugger does not hear it.
  if (line.includes('--inspect-brk')) command.kill('SIGKILL')
  await ended
})

function ofKind<Kind extends Proof['kind']>(
  kind: Kind,
): (readonly [string, Extract<Proof, { kind: Kind }>])[] {
  return proofs.filter(
    (entry): entry is [string, Extract<Proof, { kind: Kind }>] => entry[1].kind === kind,
  )
}

/** The line with smaller sizes, and this server's ports for the defaults. */
function replaced(line: string, instead: Readonly<Record<string, string>> = {}): string {
  let text = line.replace(/ &$/, '')
  for (const [part, other] of Object.entries(instead))
    text = text.replace(part, other.replace('{folder}', folder))
  return text.replaceAll(/(?<=localhost:)\d+/g, (port) => String(ports[port] ?? port))
}

/** Starts a line as pnpm would: its script, with what comes after it. */
function start(line: string): ChildProcess {
  const parts = /^((?:[A-Z_]+=\S+ )*)npx -y pnpm@12 (?:--filter @muster\/(\S+) )?(\S+) ?(.*)$/.exec(
    line,
  )
  if (parts === null) throw new Error(`${line}: expected \`npx -y pnpm@12 SCRIPT …\``)
  const [, variables = '', name, script = '', args = ''] = parts
  const home = name === undefined ? ROOT : join(ROOT, 'packages', name)
  const { scripts } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const [program = '', ...given] = words(`${scripts[script]} ${args}`)
  const file = /\.[jt]s$/.test(given[0] ?? '') ? join(home, given.shift() ?? '') : undefined
  const own = script === 'muster'
  const child = spawn(
    program === 'node' ? process.execPath : join(ROOT, 'node_modules/.bin', program),
    [...(file === undefined ? [] : [file]), ...given],
    { cwd: own ? folder : home, env: environment(variables), stdio: ['ignore', 'pipe', 'pipe'] },
  )
  return child
}

function environment(variables: string): NodeJS.ProcessEnv {
  const {
    VITEST: _vitest,
    NODE_OPTIONS: _options,
    NODE_ENV: _mode,
    FORCE_COLOR: _color,
    TURBO_HASH: _hash,
    ...inherited
  } = process.env
  const own = Object.fromEntries(words(variables).map((pair) => pair.split(/=(.*)/s)))
  const path = [join(ROOT, 'node_modules/.bin'), inherited['PATH']].join(delimiter)
  const operator = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
  // What a command that is interrupted leaves there goes with the folder. In CI some colour what they say.
  return { ...inherited, PATH: path, TMPDIR: folder, NO_COLOR: '1', ...operator, ...own }
}

/** Words of a line, as a shell divides them: quotes of one kind, no escapes. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  )
}

/** All that a command says until it ends. */
async function allSaidBy(command: ChildProcess): Promise<string> {
  let said = ''
  for (const stream of [command.stdout, command.stderr]) {
    stream?.on('data', (bytes: Buffer) => (said += bytes.toString()))
  }
  await once(command, 'close')
  return said
}

/** Resolves with the match once a command has said it; rejects with what it said when it ends first. */
function saidBy(command: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [command.stdout, command.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        said += bytes.toString()
        const match = wanted.exec(said)
        if (match !== null) resolve(match[0])
      })
    }
    command.once('close', () => reject(new Error(`it ended and had said: ${said}`)))
  })
}
