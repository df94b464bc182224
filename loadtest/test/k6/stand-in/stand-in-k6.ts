/**
 * Plays the command line of k6 as far as `muster load k6` uses it, and really runs the script, in
 * engines of its own. What it does not know it refuses, as k6 does.
 *
 * `STAND_IN_VERSION` is what `k6 version` prints.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { runScript } from './run-script.ts'
import { Samples } from './samples.ts'
import { VirtualUser, type VirtualUserStart } from './virtual-user.ts'

const VERSION =
  process.env['STAND_IN_VERSION'] ??
  'k6 v2.3.0 (commit/0123456789, go1.26.0, linux/amd64)\n' +
    'Extensions:\n  github.com/grafana/xk6-mqtt v0.2.0, k6/x/mqtt [js]'
/** k6's exit statuses. */
const [THRESHOLDS_BROKEN, STOPPED, SCRIPT_FAILED] = [99, 105, 107]

const [command = '', ...rest] = process.argv.slice(2)
try {
  process.exitCode = await carryOut()
} catch (cause) {
  process.stderr.write(`level=error msg="${(cause as Error).message}"\n`)
  process.exitCode = SCRIPT_FAILED
}

async function carryOut(): Promise<number> {
  switch (command) {
    case 'version':
      process.stdout.write(`${VERSION}\n`)
      return 0
    case 'inspect': {
      const user = await VirtualUser.load({ ...scriptStart(rest).start, samples: new Samples() })
      process.stdout.write(`${JSON.stringify(user.options)}\n`)
      await user.close()
      return 0
    }
    case 'run':
      return run()
    default:
      throw new Error(`unknown command "${command}" for "k6"`)
  }
}

async function run(): Promise<number> {
  const { start, out } = scriptStart(rest)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const { samples, broken, uncaught } = await runScript({ ...start, until: stop.signal })
  for (const message of uncaught) process.stderr.write(`level=error msg="${message}"\n`)
  const file = out.replace(/^json=/, '')
  const tags = { thing: start.env['THING_NAME'] ?? '' }
  if (file !== '') writeFileSync(file, gzipSync(`${samples.lines(tags).join('\n')}\n`))
  if (stop.signal.aborted) return STOPPED
  if (broken.length === 0) return 0
  process.stderr.write(`level=error msg="thresholds have been crossed: ${broken.join(', ')}"\n`)
  return THRESHOLDS_BROKEN
}

function scriptStart(args: string[]): {
  readonly start: Omit<VirtualUserStart, 'samples'>
  readonly out: string
} {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      env: { type: 'string', multiple: true, default: [] },
      quiet: { type: 'boolean' },
      'no-usage-report': { type: 'boolean' },
      address: { type: 'string' },
      out: { type: 'string', default: '' },
    },
  })
  const [script = ''] = positionals
  const trusted = process.env['SSL_CERT_FILE']
  const provides = process.env['K6_AUTO_EXTENSION_RESOLUTION'] !== 'false'
  const pairs = values.env.map((pair) => /^([^=]+)=(.*)$/s.exec(pair)?.slice(1) ?? [pair, ''])
  return {
    start: {
      script: resolve(script),
      env: Object.fromEntries(pairs) as Record<string, string>,
      caPem: trusted === undefined ? '' : readFileSync(trusted, 'utf8'),
      hasMqtt: VERSION.includes('k6/x/mqtt') || provides,
    },
    out: values.out,
  }
}
