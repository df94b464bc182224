/** `muster verify`: conformance scenarios against any server. */
import { readFileSync } from 'node:fs'
import { findTarget, type Target, type TargetFlags } from '@muster/simulator'
import { parseScenarios, runScenarios, WireTarget } from '@muster/testkit'
import type { Command } from 'commander'
import { port } from './server-flags.ts'

interface VerifyFlags extends TargetFlags {
  readonly scenarios: string
  readonly only?: string
  readonly adminToken?: string
  readonly json: boolean
}

/** Adds `verify jobs`. */
export function addVerifyCommands(program: Command): void {
  const verify = program.command('verify').description('run conformance scenarios')
  verify
    .command('jobs')
    .description('scenarios of AWS IoT Jobs, over the public wire of a server or of AWS')
    .requiredOption('--scenarios <file>', 'file of scenarios')
    .option('--only <ids>', 'run these scenarios only, separated by commas')
    .option('--mqtt-port <port>', 'MQTT port', port)
    .option('--https-port <port>', 'HTTPS port', port)
    .option('--http-port <port>', 'HTTP port', port)
    .option('--ca <file>', 'PEM of the server’s authority; a local server is asked otherwise')
    .option('--admin-token <token>', 'token of the admin API')
    .option('--endpoint <url>', 'control plane URL; against AWS leave it out and give --profile')
    .option('--data-endpoint <host>', 'data endpoint host; AWS is asked otherwise')
    .option('--profile <name>', 'AWS profile')
    .option('--region <region>', 'AWS region', 'us-east-1')
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
