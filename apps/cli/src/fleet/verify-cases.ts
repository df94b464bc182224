/** Conformance cases over the public wire. */
import {
  caseUnfit,
  estimateCases,
  parseCases,
  runCases,
  runCasesInAccount,
  type CaseEndpoints,
  type CaseHost,
} from '@muster/conformance'
import { findTarget } from '@muster/fleet/control'
import { targetedFlags } from '../flags/local-server.ts'
import { accountNamed, type NamedAccountFlags } from '../verify/account-flags.ts'
import { chosen } from '../verify/chosen.ts'
import { VerdictLines } from '../verify/verdict-lines.ts'
import { verifyInAccount } from '../verify/verify-in-account.ts'
import { OwnServerHost } from './own-server-host.ts'
import { RunningServerHost } from './running-server-host.ts'
import type { VerifyCasesFlags } from './verify-commands.ts'

/** Those that this project is held against itself. */
const OURS = new URL('../../test/cases/', import.meta.url)

/** Runs cases, a line each; the exit status is 1 when one failed. */
export async function verifyCases(flags: VerifyCasesFlags): Promise<void> {
  const named = accountNamed(flags)
  if (named !== undefined) {
    await verifyCasesInAccount(named)
    return
  }
  const cases = chosen(flags.cases, flags.only, 'case', parseCases)
  const verdicts = new VerdictLines(flags)
  await runCases(cases, await hostOf(flags), verdicts.hear)
  verdicts.end('cases')
}

/** In an account of others; without a file all of ours. */
async function verifyCasesInAccount(flags: VerifyCasesFlags & NamedAccountFlags): Promise<void> {
  const cases = chosen(flags.cases ?? OURS, flags.only, 'case', parseCases)
  const fit = cases.filter((one) => caseUnfit(one) === undefined)
  const pace = { perSecond: flags.rate, quietMs: flags.quiet * 1000 }
  await verifyInAccount(flags, {
    command: 'verify cases',
    noun: 'case',
    estimate: estimateCases(fit, pace),
    unfit: cases.length - fit.length,
    run: (stay, hear) => runCasesInAccount(cases, stay, hear),
  })
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
