/** Conformance scenarios of Jobs over the public wire. */
import { readFileSync } from 'node:fs'
import { parseScenarios, runScenarios, WireTarget } from '@muster/conformance'
import { findTarget, type Target } from '@muster/fleet/control'
import { isElsewhere, targetedFlags } from '../flags/local-server.ts'
import type { VerifyFlags } from './verify-commands.ts'

/** Runs scenarios, a line each; the exit status is 1 when one failed. */
export async function verifyJobs(flags: VerifyFlags): Promise<void> {
  const wanted = flags.only?.split(',')
  const scenarios = parseScenarios(readFileSync(flags.scenarios, 'utf8')).filter(
    ({ id }) => wanted === undefined || wanted.includes(id),
  )
  const unknown = wanted?.filter((id) => scenarios.every((scenario) => scenario.id !== id)) ?? []
  if (unknown.length > 0) throw new Error(`${flags.scenarios}: no scenario ${unknown.join(', ')}`)
  if (scenarios.length === 0) throw new Error(`${flags.scenarios}: no scenarios`)
  const found = await findTarget(targetedFlags(flags), process.env)
  const target = wireTarget(found, isElsewhere(flags), flags)
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
