/** Why a thing is not updating, asked of the same function as `muster why THING`. */
import { explainThing, gatherFacts, type ReasonCode, type Verdict } from '@muster/why'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useAdmin } from '../admin/admin-context.tsx'
import { useSignedIn } from '../session/session-context.tsx'

const refreshMs = 5000

/** The answer; what happens to the thing refreshes it. */
export function useVerdict(thingName: string): UseQueryResult<Verdict> {
  const { iot } = useSignedIn()
  const { state, client } = useAdmin()
  const hasAdmin = state.name === 'present'
  return useQuery({
    queryKey: ['thing', thingName, 'why', hasAdmin],
    enabled: state.name !== 'asking',
    refetchInterval: refreshMs,
    queryFn: async ({ signal }) => {
      const facts = await gatherFacts(thingName, {
        iot,
        // What is refused is no fact, and that something is not there is one.
        ...(hasAdmin
          ? { admin: (path: string) => client.find(path, signal).catch(() => undefined) }
          : {}),
        wallMs: () => Date.now(),
      })
      return explainThing(facts)
    },
  })
}

/** How an answer is shown: what is broken, what needs a look, what only needs time, what is well. */
export function toneOf({ reason, isWell }: Pick<Verdict, 'reason' | 'isWell'>): Tone {
  if (isWell) return reason === 'UP_TO_DATE' ? 'success' : 'info'
  if (broken.has(reason)) return 'error'
  return waiting.has(reason) ? 'info' : 'warning'
}

/** Kinds of Cloudscape's alert. */
export type Tone = 'success' | 'info' | 'warning' | 'error'

const broken: ReadonlySet<ReasonCode> = new Set([
  'NO_SUCH_THING',
  'NO_CERTIFICATE',
  'CERTIFICATE_NOT_ACTIVE',
  'DENIED',
  'VERSION_CONFLICT',
  'REQUESTS_REJECTED',
  'TIMED_OUT',
  'FAILED',
  'REJECTED',
])

const waiting: ReadonlySet<ReasonCode> = new Set([
  'WAITING_FOR_START',
  'WAITING_FOR_WINDOW',
  'WAITING_FOR_ROLLOUT',
  'BEHIND_ANOTHER_EXECUTION',
  'NOTHING_TARGETS_IT',
])

/** A clause as a sentence: `look at its power` as `Look at its power.` */
export function asSentence(clause: string): string {
  if (clause === '') return ''
  const ended = /[.!?]$/.test(clause) ? clause : `${clause}.`
  return ended.replace(/^[a-z]/, (first) => first.toUpperCase())
}
