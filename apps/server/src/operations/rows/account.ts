import { arns } from '../../authorization/operator-resources.ts'
import { describeEndpoint } from '../describe-endpoint.ts'
import type { Operations } from '../operation-row.ts'

/** Endpoints, tags and event configurations of the account (gateway G14, G81, G120). */
export const account: Operations<'iot'> = {
  DescribeEndpoint: {
    rule:
      ({ endpoints }) =>
      (input) =>
        describeEndpoint(endpoints, input),
    rate: { perSecond: 10 },
  },
  TagResource: { rule: ({ registry }) => registry.tagResource, resources: [arns('resourceArn')] },
  UntagResource: {
    rule: ({ registry }) => registry.untagResource,
    resources: [arns('resourceArn')],
  },
  ListTagsForResource: {
    rule: ({ registry }) => registry.listTagsForResource,
    resources: [arns('resourceArn')],
  },
  DescribeEventConfigurations: { rule: ({ registry }) => registry.describeEventConfigurations },
  UpdateEventConfigurations: { rule: ({ registry }) => registry.updateEventConfigurations },
}
