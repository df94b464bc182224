/** `muster verify`: conformance scenarios against any server. */
import { readFileSync } from 'node:fs'
import { parseScenarios, runScenarios, WireTarget } from '@muster/conformance'
import { findTarget, type Target, type TargetFlags } from '@muster/simulator'
import type { Command } from 'commander'
import { addTargetFlags } from './target-flags.ts'

interface VerifyFlags extends TargetFlags {
  readonly scenarios: string
  readonly only?: string
  readonly adminToken?: string
  readonly json: boolean
}

/** Adds `verify jobs`. */
export function addVerifyCommands(program: Command): void {
  const verify = program.command('verify').description('run conformance scenarios')
  const jobs = verify
    .command('jobs')
    .description(
      'scenarios of AWS IoT Jobs, over the public wire of a server (each empties its account) or of AWS',
    )
    .requiredOption('--scenarios <file>', 'file of scenarios')
    .option('--only <ids>', 'run these scenarios only, separated by commas')
  addTargetFlags(jobs)
    .option('--admin-token <token>', 'token of the admin API')
    .option('--json', 'print one JSON line for each scenario', false)
    .action(verifyJobs)
}

async function verifyJobs(flags: VerifyFlags): Promise<void> {
  const found = await findTarget(flags, process.env)
  const remote = isRemote(flags)
  const wanted = flags.only?.split(',')
  const scenarios = parseScenarios(readFileSync(flags.scenarios, 'utf8')).filter(
    ({ id }) => wanted === undefined || wanted.includes(id),
  )
  const unknown = wanted?.filter((id) => scenarios.every((scenario) => scenario.id !== id)) ?? []
  if (unknown.length > 0) throw new Error(`${flags.scenarios}: no scenario ${unknown.join(', ')}`)
  if (scenarios.length === 0) throw new Error(`${flags.scenarios}: no scenarios`)
  const target = wireTarget(found, remote, flags)
  let failed = 0
  try {
    await runScenarios(scenarios, target, (result) => {
      if (!result.pass) failed += 1
      const verdict = result.pass ? 'pass' : `FAIL at step ${result.step}: ${result.why}`
      process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${result.id} ${verdict}\n`)
    })
  } finally {
    await target.close()
  }
  process.stderr.write(`${scenarios.length - failed} of ${scenarios.length} scenarios passed\n`)
  if (failed > 0) process.exitCode = 1
}

function isRemote({ endpoint, dataEndpoint, profile }: TargetFlags): boolean {
  return endpoint !== undefined || dataEndpoint !== undefined || profile !== undefined
}

function wireTarget(
  { endpoints, region, credentials }: Target,
  remote: boolean,
  flags: VerifyFlags,
): WireTarget {
  const { dataHost, mqttPort = 8883, caPem } = endpoints
  const controlUrl = endpoints.controlUrl ?? `https://iot.${region}.amazonaws.com`
  const { adminToken } = flags
  return new WireTarget({
    control: { endpoint: controlUrl, region, credentials },
    jobsData: {
      endpoint: remote ? `https://${dataHost}` : controlUrl,
      region,
      credentials,
    },
    mqtt: { host: dataHost, port: mqttPort, ca: caPem },
    ...(!remote && {
      admin: {
        url: `${controlUrl}/_muster`,
        ...(adminToken !== undefined && { token: adminToken }),
      },
    }),
  })
}
