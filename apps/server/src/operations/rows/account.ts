import { arns, named } from '../../authorization/operator-resources.ts'
import { describeEndpoint } from '../describe-endpoint.ts'
import { describeDomainConfiguration, listDomainConfigurations } from '../domain-configurations.ts'
import type { Operations } from '../operation-row.ts'

/** Endpoints, domains, tags and event configurations of the account (gateway G14, G81, G120, neighbours N177). */
export const account: Operations<'iot'> = {
  DescribeEndpoint: {
    rule:
      ({ endpoints }) =>
      (input) =>
        describeEndpoint(endpoints, input),
    rate: { perSecond: 10 },
  },
  ListDomainConfigurations: {
    rule:
      ({ account }) =>
      (input) =>
        listDomainConfigurations(account, input),
  },
  DescribeDomainConfiguration: {
    rule:
      ({ account, endpoints }) =>
      (input) =>
        describeDomainConfiguration(account, endpoints, input),
    resources: [named('domainconfiguration', 'domainConfigurationName')],
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
