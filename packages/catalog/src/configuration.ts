/** Whether jobs write what they install into the `$package` shadow (neighbours N70). */
import type {
  GetPackageConfigurationResponse,
  UpdatePackageConfigurationRequest,
} from '@aws-sdk/client-iot'
import { accept, present, type Outcome } from '@muster/model'
import type { CatalogContext } from './catalog-ports.ts'
import type { Empty } from './packages.ts'
import { invalid } from './refusals.ts'

/** `{}` before the first update. */
export function getPackageConfiguration(
  ctx: CatalogContext,
): Outcome<GetPackageConfigurationResponse> {
  const configuration = ctx.state.configuration()
  return accept(configuration === undefined ? {} : { versionUpdateByJobsConfig: configuration })
}

/** Members that are not given stay. ValidationException for switching it on without a role. */
export function updatePackageConfiguration(
  ctx: CatalogContext,
  { versionUpdateByJobsConfig }: UpdatePackageConfigurationRequest,
): Outcome<Empty> {
  if (versionUpdateByJobsConfig === undefined) return accept({})
  const { enabled, roleArn } = versionUpdateByJobsConfig
  const before = ctx.state.configuration()
  const after = { ...before, ...present({ enabled, roleArn }) }
  if (after.enabled === true && after.roleArn === undefined) {
    return invalid('versionUpdateByJobsConfig.roleArn is required to enable it.')
  }
  ctx.state.putConfiguration(after)
  return accept({})
}
