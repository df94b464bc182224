/** What the devices of a run may do in an account of others: nothing beyond names of their own. */
import type { AccountPlace } from './own-names.ts'

/** The document. */
export function devicePolicyOf(
  prefix: string,
  { partition, region, accountId }: AccountPlace,
): string {
  const arn = (resource: string): string =>
    `arn:${partition}:iot:${region}:${accountId}:${resource}`
  const own = [`$aws/things/${prefix}-*`, `${prefix}-verify/*`]
  const allow = (action: string | readonly string[], resource: readonly string[]): object => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource.map(arn),
  })
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow('iot:Connect', [`client/${prefix}-*`]),
      allow(
        'iot:Publish',
        own.map((topic) => `topic/${topic}`),
      ),
      allow(
        'iot:Receive',
        [...own, '$aws/events/*'].map((topic) => `topic/${topic}`),
      ),
      allow(
        'iot:Subscribe',
        [...own, '$aws/events/*'].map((topic) => `topicfilter/${topic}`),
      ),
      allow(
        [
          'iot:GetThingShadow',
          'iot:UpdateThingShadow',
          'iot:DeleteThingShadow',
          'iot:ListNamedShadowsForThing',
          'iotjobsdata:*',
        ],
        [`thing/${prefix}-*`],
      ),
    ],
  })
}
