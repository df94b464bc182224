export type { Account } from './account.ts'
export { iotArn, nameInArn, parseArn, type Arn, type IotResourceType } from './arn.ts'
export { accept, refuse, type Outcome, type Refusal } from './outcome.ts'
