/**
 * `pnpm bench NAME [--json]`: runs `bench/NAME/main.ts`; without a name lists what there is.
 * `pnpm bench --report` runs them and writes `docs/performance.md`.
 */
import { existsSync, readdirSync } from 'node:fs'

import type { Benchmark, Measure } from './measure.ts'

const [name, ...flags] = process.argv.slice(2)
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((folder) => existsSync(`${import.meta.dirname}/${folder}/main.ts`))

if (name === '--report') {
  const { writeReport } = await import('./report.ts')
  await writeReport()
} else if (name === undefined || !names.includes(name)) {
  const isAsked = name === undefined || name === '--help' || name === '-h'
  process.stderr.write(
    `usage: pnpm bench NAME [--json], or pnpm bench --report\nbenchmarks: ${names.join(', ')}\n`,
  )
  process.exitCode = isAsked ? 0 : 2
} else {
  const { run } = (await import(`./${name}/main.ts`)) as { readonly run: Benchmark }
  for await (const measure of run()) {
    process.stdout.write(flags.includes('--json') ? `${JSON.stringify(measure)}\n` : row(measure))
  }
}

function row({ name: title, unit, ours, peer, ratio, spread, runs }: Measure): string {
  const shown = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 3 })
  return (
    `${title.padEnd(44)} ${shown(ours).padStart(14)} : ${shown(peer).padStart(12)} ${unit}` +
    `, ratio ${shown(ratio)} ± ${shown(spread)} (${runs} runs)\n`
  )
}
