export type { Account } from './account.ts'
export { iotArn, nameInArn, parseArn, type Arn, type IotResourceType } from './arn.ts'
export { EXCEPTION_STATUSES, type ExceptionName } from './exception.ts'
export { accept, refuse, type Outcome, type Refusal, type Refused } from './outcome.ts'
