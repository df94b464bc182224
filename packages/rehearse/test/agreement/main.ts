/**
 * Compares rehearsals with a server on a larger fleet: `pnpm rehearse:agree --devices 1000`; `--only TEXT` takes
 * the jobs whose names have it. The exit status is 1 when anything differs.
 */
import { parseArgs } from 'node:util'
import { startTestServer } from '@muster/server/testkit'
import { AgreementStage } from './agreement.ts'
import { TEN_JOBS } from './ten-jobs.ts'

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})
const server = await startTestServer()
try {
  const stage = await AgreementStage.open(server, Number(values.devices))
  let differing = 0
  const jobs = TEN_JOBS.filter(({ name }) => name.includes(values.only))
  for (const job of jobs) {
    const { differences, executions, name, requests } = await stage.compare(
      job,
      Number(values.seed),
    )
    const verdict = differences.length === 0 ? 'agree' : `${differences.length} differences`
    process.stdout.write(`${name}: ${executions} executions, ${requests} requests: ${verdict}\n`)
    for (const difference of differences) process.stdout.write(`  ${difference}\n`)
    differing += differences.length
  }
  await stage.close()
  const { system, user } = process.cpuUsage()
  process.stdout.write(
    `${jobs.length} jobs, ${values.devices} devices, ${differing} differences, ${Math.round((system + user) / 1e6)} s of CPU\n`,
  )
  if (differing > 0) process.exitCode = 1
} finally {
  await server.close()
}
