/**
 * A real browser that needs nothing of the system: on Linux x64 the Chromium inside the npm package
 * `@sparticuz/chromium`, with the libraries and fonts it brings; elsewhere an installed Chrome.
 * Set `MUSTER_BROWSER` to the path of another Chromium to use that.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'

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

/** A started browser and the folder that it lives in. */
export interface OpenBrowser {
  readonly browser: Browser
  /** Ends the browser and removes its folder. */
  close(): Promise<void>
}

/** Starts the browser. Rejects when there is none for this machine. */
export async function openBrowser(): Promise<OpenBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-browser-'))
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const browser = await chromium.launch({
      ...(await program(folder)),
      args: quietArguments,
      artifactsDir: join(folder, 'artifacts'),
    })
    return {
      browser,
      close: async () => {
        await browser.close()
        await removeFolder()
      },
    }
  } catch (cause) {
    await removeFolder()
    throw cause
  }
}

/** Which browser to start, and with what environment; whatever it writes goes below `folder`. */
async function program(folder: string): Promise<LaunchOptions> {
  const chosen = process.env['MUSTER_BROWSER']
  if (chosen !== undefined) return { executablePath: chosen }
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' }
  const unpacked = await unpackedChromium(process.env['MUSTER_TEST_ROOMS'] ?? folder)
  await Promise.all(['home', 'tmp'].map((name) => mkdir(join(folder, name))))
  await writeFile(join(folder, 'fontconfig.xml'), fontConfiguration(folder, unpacked))
  return {
    executablePath: join(unpacked, 'chromium'),
    env: {
      ...process.env,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      FONTCONFIG_FILE: join(folder, 'fontconfig.xml'),
      // A machine without a desktop lacks NSS and others: the package brings them.
      LD_LIBRARY_PATH: [process.env['LD_LIBRARY_PATH'], join(unpacked, 'al2023', 'lib')]
        .filter((path) => path !== undefined && path !== '')
        .join(':'),
    },
  }
}

/**
 * Unpacks the packaged Chromium below `parent`, once: 200 MB and seconds of a processor, that the test
 * files of one run share.
 */
async function unpackedChromium(parent: string): Promise<string> {
  const unpacked = join(parent, 'unpacked-chromium')
  if (existsSync(unpacked)) return unpacked
  const fresh = await mkdtemp(`${unpacked}-`)
  await run(process.execPath, [fileURLToPath(new URL('./unpack-chromium.ts', import.meta.url))], {
    env: { ...process.env, TMPDIR: fresh },
  })
  await rename(fresh, unpacked).catch(async (cause: unknown) => {
    // Another file has just put its own there: one is as good as the other.
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(unpacked)) throw cause
  })
  return unpacked
}

/** The package's own names folders of another machine (`/tmp/fonts`), and without a font Chromium crashes. */
function fontConfiguration(folder: string, unpacked: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(unpacked, 'fonts')}</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`
}
