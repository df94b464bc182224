/** From a trace to a verdict. */
import { brokenLaw } from './laws.ts'
import { DOCUMENT_MEANINGS, namesFile, type Plan } from './plan.ts'
import type { Finding, QualifyCase } from './qualify-case.ts'
import type { Until } from './step.ts'
import type { Trace } from './trace.ts'

/** @returns what the plan lacks for a case, so that it need not be run */
export function missingInPlan(
  { needs = [], needsFile }: QualifyCase,
  plan: Plan,
): Finding | undefined {
  const lacks = needs.find((name) => plan.documents[name] === undefined)
  if (lacks !== undefined) {
    return inconclusive(`the plan has no \`documents.${lacks}\`: ${DOCUMENT_MEANINGS[lacks]}`)
  }
  const works = plan.documents.works
  if (needsFile !== undefined && !namesFile(works)) {
    return inconclusive(
      '`documents.works` of the plan leads to no file: put `{url}` into it, where the agent fetches one',
    )
  }
  if (needsFile === 'sha256' && !JSON.stringify(works).includes('{sha256}')) {
    return inconclusive(
      '`documents.works` of the plan tells no digest: put `{sha256}` into it, where the agent checks one',
    )
  }
  return undefined
}

/**
 * Judges an agent.
 *
 * @param stalled - the step that waited in vain
 * @param refused - the step that the service did not let the case take, and why
 * @param ended - how the agent's process ended by itself, where it did
 */
export function judge(
  of: QualifyCase,
  plan: Plan,
  {
    ended,
    refused,
    stalled,
    trace,
  }: {
    readonly trace: Trace
    readonly stalled?: Until | undefined
    readonly refused?: string | undefined
    readonly ended?: string | undefined
  },
): Finding {
  const broken = brokenLaw(trace, of)
  if (broken !== undefined) return { verdict: 'fail', why: broken }
  if (refused !== undefined) {
    const why = `the case could not go on, ${refused}: the agent was not as far as it should be, or further; if a job ended too soon, let \`documents.slow\` of the plan take longer`
    return inconclusive(withEnd(why, ended))
  }
  if (stalled?.otherwise !== undefined) return inconclusive(withEnd(stalled.otherwise, ended))
  if (stalled !== undefined) {
    const why = `it did not ${stalled.what} within ${plan.patienceSeconds} s`
    return { verdict: 'fail', why: withEnd(why, ended) }
  }
  const why = of.judge?.(trace, plan)
  if (why !== undefined) return { verdict: 'fail', why }
  return { verdict: 'pass', why: passed(of, trace) }
}

/** Who is told nothing cannot be told it twice: such a pass is worth less, and says so. */
function passed({ steps }: QualifyCase, { events, protocol = 'the wire' }: Trace): string {
  const armed = steps.some((step) => step.do === 'fault')
  const met = events.some((event) => event.kind === 'act' && event.what.startsWith('fault: '))
  const forges = steps.some((step) => step.do === 'forge-notice')
  const forged = events.some((event) => event.kind === 'notice' && event.forged)
  return (armed && !met) || (forges && !forged)
    ? `all went well, but over ${protocol} it sends and takes nothing that this fault could meet`
    : `as it should, over ${protocol}`
}

function withEnd(why: string, ended: string | undefined): string {
  return ended === undefined ? why : `${why}; its process had ended: ${ended}`
}

function inconclusive(why: string): Finding {
  return { verdict: 'inconclusive', why }
}
