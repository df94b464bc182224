/** Why a thing is not updating, asked of the server that the flags name. */
import { styleText } from 'node:util'
import { IoTClient } from '@aws-sdk/client-iot'
import { explainThing, gatherFacts, type Verdict } from '@muster/why'
import { AdminRefusal, askAdmin, type AdminFlags } from '../flags/admin-request.ts'
import { localOperator } from '../flags/environment-operator.ts'
import { localServer } from '../flags/local-server.ts'
import { urlHost } from '../serve/reachable-host.ts'

/**
 * @param jobId - the job that is asked about; absent: whichever is next
 * @returns undefined, with a line on stderr, where the operator may not look
 * @throws Error when no server answers, or its admin API refuses
 */
export async function thingVerdict(
  thingName: string,
  jobId: string | undefined,
  flags: AdminFlags,
): Promise<Verdict | undefined> {
  // A server that does not answer, or asks for its token, says so in its own words.
  await askAdmin(flags, { path: 'clock' })
  const { running, httpPort, region } = localServer(flags)
  const host = running === undefined ? 'localhost' : urlHost(running.bind)
  const iot = new IoTClient({
    endpoint: `http://${host}:${httpPort}`,
    region,
    credentials: localOperator(),
  })
  try {
    const admin = adminOf(flags)
    const facts = await gatherFacts(thingName, { iot, admin, wallMs: () => Date.now() })
    return explainThing(facts, jobId)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const mend = 'set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY to an operator who may'
    process.stderr.write(`no verdict on ${thingName}: ${why.replace(/\.$/, '')}; ${mend}\n`)
    return undefined
  } finally {
    iot.destroy()
  }
}

/** What is refused is no fact, and that something is not there is one. */
function adminOf(flags: AdminFlags): (path: string) => Promise<unknown> {
  return async (path) => {
    try {
      return await (await askAdmin(flags, { path })).json()
    } catch (cause) {
      return cause instanceof AdminRefusal && cause.status === 404 ? null : undefined
    }
  }
}

/** A verdict for people: the sentence, and what to do. */
export function verdictText(
  { reason, isWell, sentence, nextStep, decisionId }: Verdict,
  stream: NodeJS.WriteStream,
): string {
  const code = styleText(isWell ? 'green' : 'red', reason, { stream })
  const lines = [`${code}  ${sentence}`]
  if (nextStep !== '') lines.push(`  ${styleText('cyan', `next: ${nextStep}`, { stream })}`)
  if (decisionId !== null) {
    lines.push(styleText('dim', `  every clause: muster policy explain ${decisionId}`, { stream }))
  }
  return `${lines.join('\n')}\n`
}
