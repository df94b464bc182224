/**
 * `pnpm qualify:mutants`: plants one mutant after the other in the example agent and runs the case that it
 * names, four at a time. Status 1 when one does not fail it.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { MUTANTS, type Mutant } from './mutants.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PLANT = new URL('plant.ts', import.meta.url).href
const AT_A_TIME = 4
/** What an agent without a fault does many times over. */
const PATIENCE_SECONDS = 30

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: { only: { type: 'string', default: '' } },
})
const chosen = MUTANTS.filter(({ caseId, name }) => `${name} ${caseId}`.includes(values.only))
if (chosen.length === 0) {
  process.stderr.write(
    `no mutant is named like that; there are ${MUTANTS.map(({ name }) => name).join(', ')}\n`,
  )
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'muster-mutants-'))
const plan = join(folder, 'plan.yaml')
writeFileSync(plan, `patienceSeconds: ${PATIENCE_SECONDS}\n`)
const startedMs = performance.now()
console.log('| planted in the agent | case | verdict | why |\n|---|---|---|---|')
let failed = 0
const waiting = [...chosen]
await Promise.all(Array.from({ length: AT_A_TIME }, work))
rmSync(folder, { recursive: true })
console.log(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
console.log(`mutants ${chosen.length}, found ${failed}`)
process.exitCode = failed === chosen.length ? 0 : 1

async function work(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const { verdict, why } = await qualify(mutant)
    if (verdict === 'fail') failed += 1
    console.log(`| ${mutant.name} | \`${mutant.caseId}\` | ${verdict} | ${why} |`)
  }
}

async function qualify({ caseId, name }: Mutant): Promise<{ verdict: string; why: string }> {
  const agent = `"${process.execPath}" --import ${PLANT} packages/device/examples/agent.ts`
  const values = '{thing} {cert} {key} {ca} {host} {mqttPort} {httpsPort}'
  const flags = [
    'qualify',
    '--json',
    '--plan',
    plan,
    '--only',
    caseId,
    '--agent',
    `${agent} ${values}`,
  ]
  const child = spawn(process.execPath, ['apps/cli/src/main.ts', ...flags], {
    cwd: ROOT,
    env: { ...process.env, MUSTER_AGENT_MUTANT: name },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const [first = ''] = printed.split('\n')
  if (first === '') return { verdict: 'none', why: `the command ended with ${status}` }
  return JSON.parse(first) as { verdict: string; why: string }
}
