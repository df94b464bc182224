/**
 * Makes the pictures of report pages that the guides show: runs a load test and a simulation against
 * servers of their own, rehearses a rollout, and photographs their pages. `pnpm report:pictures`, or with the
 * names of some of them
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openBrowser } from '@muster/console/browser'

const ROOT = join(import.meta.dirname, '..')
const CLI = join(import.meta.dirname, '../apps/cli/src/main.ts')
const IMAGES = join(import.meta.dirname, 'images')
/** As a page shows it: below the repository's root, where commands are run. */
const FLEETS = 'packages/rehearse/fleets'

/** Which command makes which picture. */
const REPORTS = [
  {
    picture: 'load-report.png',
    command: ['load', 'authorize', '--profile', 'average', '--devices', '100', '--duration', '20'],
  },
  // A simulation runs against a server that is there; `exec` starts one for it.
  {
    picture: 'simulation-report.png',
    command: ['exec', '--', process.execPath, CLI, 'simulate', '--scenario', 'bad-firmware'],
  },
  {
    picture: 'rehearsal-report.png',
    command: [
      'rehearse',
      '--job',
      `${FLEETS}/firmware-job.json`,
      '--fleet',
      `${FLEETS}/smart-homes.yaml`,
      '--goal',
      'touched <= 200, done <= 12h',
    ],
  },
] as const

const wanted = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'muster-reports-'))
try {
  const { browser, close } = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } })
    for (const { picture, command } of REPORTS) {
      if (wanted.length > 0 && !wanted.includes(picture)) continue
      const html = join(folder, `${picture}.html`)
      await run([...command, '--html', html])
      await page.goto(pathToFileURL(html).href)
      await page.screenshot({ path: join(IMAGES, picture), fullPage: true })
      process.stdout.write(`docs/images/${picture}\n`)
    }
  } finally {
    await close()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** A threshold that broke is a page too (status 1); what could not run is not. */
async function run(command: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: command[0] === 'rehearse' ? ROOT : folder,
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve)
  })
  if (status !== 0 && status !== 1) {
    throw new Error(`muster ${command.join(' ')} ended with ${status}`)
  }
}
