/**
 * Rates that AWS refuses, with its texts (jobs J127).
 */
import { rollout } from './job-inputs.ts'

/** What is wrong, the members that say it, and the text. */
export const RATE_REFUSALS: readonly (readonly [string, object, string])[] = [
  [
    'nothing',
    { jobExecutionsRolloutConfig: {} },
    'Provide MaximumPerMinute value or provide ExponentialRate and MaximumPerMinute',
  ],
  [
    'no maximum',
    {
      jobExecutionsRolloutConfig: {
        exponentialRate: {
          baseRatePerMinute: 5,
          incrementFactor: 2,
          rateIncreaseCriteria: { numberOfNotifiedThings: 1 },
        },
      },
    },
    'Provide MaximumPerMinute value when ExponentialRate is defined',
  ],
  [
    'no criterion',
    rollout({ rateIncreaseCriteria: {} }),
    'Provide either NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined',
  ],
  [
    'both criteria',
    rollout({ rateIncreaseCriteria: { numberOfNotifiedThings: 1, numberOfSucceededThings: 1 } }),
    'Provide only one of NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined',
  ],
  [
    'a base above the maximum',
    {
      jobExecutionsRolloutConfig: {
        ...rollout({ baseRatePerMinute: 50 }).jobExecutionsRolloutConfig,
        maximumPerMinute: 20,
      },
    },
    'Exponential rollout baseRatePerMinute should be less than maximumPerMinute.',
  ],
]
