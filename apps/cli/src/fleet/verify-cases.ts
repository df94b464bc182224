/** Conformance cases over the public wire. */
import { readFileSync } from 'node:fs'
import { parseCases, runCases, type CaseEndpoints, type CaseHost } from '@muster/conformance'
import { findTarget } from '@muster/fleet/control'
import { targetedFlags } from '../flags/local-server.ts'
import { OwnServerHost } from './own-server-host.ts'
import { RunningServerHost } from './running-server-host.ts'
import type { VerifyCasesFlags } from './verify-commands.ts'

/** Runs cases, a line each; the exit status is 1 when one failed. */
export async function verifyCases(flags: VerifyCasesFlags): Promise<void> {
  const wanted = flags.only?.split(',')
  const cases = parseCases(readFileSync(flags.cases, 'utf8')).filter(
    ({ id }) => wanted === undefined || wanted.includes(id),
  )
  const unknown = wanted?.filter((id) => cases.every((one) => one.id !== id)) ?? []
  if (unknown.length > 0) throw new Error(`${flags.cases}: no case ${unknown.join(', ')}`)
  if (cases.length === 0) throw new Error(`${flags.cases}: no cases`)
  let failed = 0
  await runCases(cases, await hostOf(flags), (result) => {
    if (!result.pass) failed += 1
    const verdict = result.pass ? 'pass' : `FAIL at step ${result.step}: ${result.why}`
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : `${result.id} ${verdict}\n`)
  })
  process.stderr.write(`${cases.length - failed} of ${cases.length} cases passed\n`)
  if (failed > 0) process.exitCode = 1
}

/** The server that the flags name, or servers of our own where they name none. */
async function hostOf(flags: VerifyCasesFlags): Promise<CaseHost> {
  const { mqttPort, httpsPort, httpPort, endpoint, dataEndpoint } = flags
  const named = [mqttPort, httpsPort, httpPort, endpoint, dataEndpoint]
  if (named.every((flag) => flag === undefined)) return new OwnServerHost()
  const { endpoints, region } = await findTarget(targetedFlags(flags), process.env)
  const { controlUrl, caPem } = endpoints
  if (controlUrl === undefined || caPem === undefined) {
    throw new Error('cases need the HTTP port of a server and its authority')
  }
  const found: CaseEndpoints = {
    region,
    httpUrl: controlUrl,
    dataHost: endpoints.dataHost,
    mqttPort: endpoints.mqttPort ?? 8883,
    httpsPort: endpoints.httpsPort ?? 8443,
    caPem,
    ...(flags.adminToken !== undefined && { adminToken: flags.adminToken }),
  }
  return new RunningServerHost(found)
}
