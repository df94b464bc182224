/** Where a server says it is: one AWS account in one region. */
export interface Account {
  /** AWS region name, `us-east-1`. */
  readonly region: string
  /** Twelve decimal digits. */
  readonly accountId: string
}
