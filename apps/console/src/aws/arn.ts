/** What an ARN tells. */

/** Partition, region and account of an ARN. */
export interface ArnAccount {
  readonly partition: string
  readonly region: string
  readonly accountId: string
}

/** Whose an ARN is; undefined for text that is none. */
export function arnAccount(arn: string): ArnAccount | undefined {
  const [, partition, region, accountId] = /^arn:([^:]*):[^:]*:([^:]*):([^:]*):./.exec(arn) ?? []
  if (partition === undefined || region === undefined || accountId === undefined) return undefined
  return { partition, region, accountId }
}

/** An ARN of AWS IoT: `iotArn(account, 'thing/lamp')`. */
export function iotArn({ partition, region, accountId }: ArnAccount, resource: string): string {
  return `arn:${partition}:iot:${region}:${accountId}:${resource}`
}

/** What follows the account: `thing/lamp`; the text itself where it is no ARN. */
export function arnResource(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn
}

/** The name behind a type: `arnName('cert', arn)`; undefined for an ARN of another type. */
export function arnName(type: string, arn: string): string | undefined {
  const resource = arn.startsWith('arn:') ? arnResource(arn) : ''
  return resource.startsWith(`${type}/`) ? resource.slice(type.length + 1) : undefined
}
