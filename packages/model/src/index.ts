export type { Account } from './account.ts'
export { iotArn, nameInArn, parseArn, type Arn, type IotResourceType } from './arn.ts'
export { editDistance, likelyName } from './edit-distance.ts'
export { doubleText } from './double-text.ts'
export { EXCEPTION_STATUSES, type ExceptionName } from './exception.ts'
export {
  accept,
  invalidRequest,
  refuse,
  type Outcome,
  type Refusal,
  type Refused,
} from './outcome.ts'
export { keyOfPageToken, pageToken } from './page-token.ts'
export { present, type Present } from './present.ts'
export { keptJson } from './kept-json.ts'
