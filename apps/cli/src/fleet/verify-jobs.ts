/** Conformance scenarios of Jobs over the public wire. */
import {
  estimateScenarios,
  parseScenarios,
  runScenarios,
  runScenariosInAccount,
  scenarioUnfit,
  WireTarget,
} from '@muster/conformance'
import { findTarget, type Target } from '@muster/fleet/control'
import { isElsewhere } from '../flags/elsewhere.ts'
import { targetedFlags } from '../flags/local-server.ts'
import { accountNamed, type NamedAccountFlags } from '../verify/account-flags.ts'
import { chosen } from '../verify/chosen.ts'
import { VerdictLines } from '../verify/verdict-lines.ts'
import { verifyInAccount } from '../verify/verify-in-account.ts'
import type { VerifyFlags } from './verify-commands.ts'

/** Those that this project is held against itself. */
const OURS = new URL('../../../../packages/jobs/test/scenarios/', import.meta.url)

/** Runs scenarios, a line each; the exit status is 1 when one failed. */
export async function verifyJobs(flags: VerifyFlags): Promise<void> {
  const named = accountNamed(flags)
  if (named !== undefined) {
    await verifyJobsInAccount(named)
    return
  }
  const scenarios = chosen(flags.scenarios, flags.only, 'scenario', parseScenarios)
  const found = await findTarget(targetedFlags(flags), process.env)
  const target = wireTarget(found, isElsewhere(flags), flags)
  const verdicts = new VerdictLines(flags)
  try {
    await runScenarios(scenarios, target, verdicts.hear)
  } finally {
    await target.close()
  }
  verdicts.end('scenarios')
}

/** In an account of others; without a file all of ours. */
async function verifyJobsInAccount(flags: VerifyFlags & NamedAccountFlags): Promise<void> {
  const scenarios = chosen(flags.scenarios ?? OURS, flags.only, 'scenario', parseScenarios)
  const fit = scenarios.filter((scenario) => scenarioUnfit(scenario) === undefined)
  const pace = { perSecond: flags.rate, quietMs: flags.quiet * 1000 }
  await verifyInAccount(flags, {
    command: 'verify jobs',
    noun: 'scenario',
    estimate: estimateScenarios(fit, pace),
    unfit: scenarios.length - fit.length,
    run: (stay, hear) => runScenariosInAccount(scenarios, stay, hear),
  })
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
