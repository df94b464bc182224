/** ARNs of packages and their versions. */
import { iotArn, nameInArn, type Account } from '@muster/model'

/** `…:package/P`. */
export function packageArn(account: Account, packageName: string): string {
  return iotArn(account, 'package', packageName)
}

/** `…:package/P/version/V`. */
export function packageVersionArn(
  account: Account,
  packageName: string,
  versionName: string,
): string {
  return packageArn(account, `${packageName}/version/${versionName}`)
}

const NAMES = /^([a-zA-Z0-9_.-]{1,128})(?:\/version\/([a-zA-Z0-9_.-]{1,64}))?$/

/** A package, or a version of one. */
export interface NamedInArn {
  readonly packageName: string
  readonly versionName: string | undefined
}

/** @returns undefined for an ARN of another kind, account or region */
export function namesInArn(account: Account, arn: string): NamedInArn | undefined {
  const [, packageName, versionName] = NAMES.exec(nameInArn(account, 'package', arn) ?? '') ?? []
  return packageName === undefined ? undefined : { packageName, versionName }
}
