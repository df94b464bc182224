/** Domain configurations: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import * as shapes from './shapes.ts'

export const domains: ServiceConstraints<'iot'> = {
  DescribeDomainConfigurationRequest: {
    domainConfigurationName: shapes.reservedDomainConfigurationName,
  },
  ListDomainConfigurationsRequest: {
    marker: shapes.marker,
    pageSize: shapes.pageSize,
    serviceType: shapes.serviceType,
  },
}
