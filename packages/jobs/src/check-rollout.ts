/**
 * What AWS refuses of a rollout's rates beyond its model (jobs J71, J95, J127).
 */
import type { JobExecutionsRolloutConfig } from '@aws-sdk/client-iot'
import { invalidRequest, type Refused } from '@muster/model'

/** The member that jobs and templates share. */
export interface RolloutFields {
  readonly jobExecutionsRolloutConfig?: JobExecutionsRolloutConfig | undefined
}

/** Refuses rates with InvalidRequestException. */
export function checkRollout(config: JobExecutionsRolloutConfig | undefined): Refused | undefined {
  if (config === undefined) return undefined
  const { maximumPerMinute, exponentialRate } = config
  if (exponentialRate === undefined) {
    if (maximumPerMinute !== undefined) return undefined
    return invalidRequest(
      'Provide MaximumPerMinute value or provide ExponentialRate and MaximumPerMinute',
    )
  }
  if (maximumPerMinute === undefined) {
    return invalidRequest('Provide MaximumPerMinute value when ExponentialRate is defined')
  }
  const { baseRatePerMinute = 0, incrementFactor = 0, rateIncreaseCriteria } = exponentialRate
  const { numberOfNotifiedThings, numberOfSucceededThings } = rateIncreaseCriteria ?? {}
  if (numberOfNotifiedThings === undefined && numberOfSucceededThings === undefined) {
    return invalidRequest(
      'Provide either NumberOfNotifiedThings or NumberOfSucceededThings when ' +
        'RateIncreaseCriteria is defined',
    )
  }
  if (numberOfNotifiedThings !== undefined && numberOfSucceededThings !== undefined) {
    return invalidRequest(
      'Provide only one of NumberOfNotifiedThings or NumberOfSucceededThings when ' +
        'RateIncreaseCriteria is defined',
    )
  }
  // Equal is accepted: unmeasured, whatever the sentence says (jobs J127).
  if (baseRatePerMinute > maximumPerMinute) {
    return invalidRequest(
      'Exponential rollout baseRatePerMinute should be less than maximumPerMinute.',
    )
  }
  if (!/^\d+(?:\.\d)?$/.test(String(incrementFactor))) {
    return invalidRequest('incrementFactor must be a number from 1.1 to 5 with one decimal')
  }
  return undefined
}
