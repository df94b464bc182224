import type { QualifyCase } from '../qualify-case.ts'
import { CONNECTION_CASES } from './connections.ts'
import { DOCUMENT_CASES } from './documents.ts'
import { FILE_CASES } from './files.ts'
import { NOTICE_CASES } from './notices.ts'
import { OPERATOR_CASES } from './operators.ts'
import { REPLY_CASES } from './replies.ts'

/** Every case, in the order of reports. */
export const QUALIFY_CASES: readonly QualifyCase[] = [
  ...DOCUMENT_CASES,
  ...NOTICE_CASES,
  ...REPLY_CASES,
  ...OPERATOR_CASES,
  ...CONNECTION_CASES,
  ...FILE_CASES,
]
