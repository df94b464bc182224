/**
 * A real browser that needs nothing of the system: on Linux x64 the Chromium inside the npm package
 * `@sparticuz/chromium`, with the libraries and fonts it brings; elsewhere an installed Chrome.
 * Set `MUSTER_BROWSER` to the path of another Chromium to use that.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

const run = promisify(execFile)

/** The page talks to one local server; the browser itself is to talk to nobody. */
const quietArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--font-render-hinting=none',
]

/** Starts the browser. Rejects when there is none for this machine. */
export async function openBrowser(): Promise<Browser> {
  const chosen = process.env['MUSTER_BROWSER']
  if (chosen !== undefined) return chromium.launch({ executablePath: chosen, args: quietArguments })
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return chromium.launch({ channel: 'chrome', args: quietArguments })
  }
  const folder = await unpackedChromium()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: quietArguments,
    env: {
      ...process.env,
      HOME: folder,
      FONTCONFIG_PATH: join(folder, 'fonts'),
      // A machine without a desktop lacks NSS and others: the package brings them.
      LD_LIBRARY_PATH: [process.env['LD_LIBRARY_PATH'], join(folder, 'al2023', 'lib')]
        .filter((path) => path !== undefined && path !== '')
        .join(':'),
    },
  })
}

/**
 * Unpacks the packaged Chromium once per version. The package looks for a file at a fixed place and
 * trusts it, half-written or not; so it unpacks into a folder of its own, which is then moved to
 * its name in one step.
 */
async function unpackedChromium(): Promise<string> {
  const packageFile = join(import.meta.dirname, '../node_modules/@sparticuz/chromium/package.json')
  const version = /"version":\s*"([^"]+)"/.exec(await readFile(packageFile, 'utf8'))?.[1] ?? ''
  const folder = join(tmpdir(), `muster-chromium-${version}`)
  if (existsSync(folder)) return folder
  const fresh = await mkdtemp(join(tmpdir(), 'muster-chromium-'))
  await run(process.execPath, [fileURLToPath(new URL('./unpack-chromium.ts', import.meta.url))], {
    // The package brings shared libraries and fonts only where it believes to run in Lambda.
    env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  })
  await rename(fresh, folder).catch(async (cause: unknown) => {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(folder)) throw cause
  })
  return folder
}
