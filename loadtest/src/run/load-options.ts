/** What a load run is made of. */
import type { Target } from '@muster/fleet/control'
import type { LoadPath, ScenarioFacts } from '../catalogue.ts'
import type { LoadProfile } from '../load-profile.ts'
import type { AskedThresholds } from '../thresholds/read-thresholds.ts'
import type { LoadProgress } from './load-progress.ts'

/** How scenarios are run. */
export interface LoadOptions extends Target {
  readonly scenarios: readonly ScenarioFacts[]
  readonly path: LoadPath | 'both'
  readonly profile: LoadProfile
  /** Worker processes; default one for every 2,000 devices. */
  readonly workers?: number | undefined
  /** Folder of identities; those of this account are in one below it. */
  readonly identityFolder: string
  readonly thresholds?: AskedThresholds | undefined
  readonly closed?: boolean
  /** Messages and requests that may be sent in all; none are after that. */
  readonly messagesMax?: number | undefined
  /** How long an answer may take; default 10. */
  readonly answerWithinSeconds?: number
  /** How long a server that gives no answer is waited for; default 5. */
  readonly outageSeconds?: number
  readonly signal?: AbortSignal
  /** Rejects when the server is known to have ended, saying how. */
  readonly serverEnded?: Promise<never>
  readonly onProgress?: (progress: LoadProgress) => void
  readonly log?: (line: string) => void
}
