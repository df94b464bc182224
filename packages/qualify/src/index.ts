export { QUALIFY_CASES } from './cases/index.ts'
export { meets, type Fault, type FaultDoes, type Meeting } from './fault.ts'
export {
  codeOfException,
  readBody,
  readJobsPath,
  readJobsTopic,
  REFUSAL_FORMS,
  rejectedTopic,
  type Asked,
  type RefusalCode,
} from './jobs-wire.ts'
export { judge, missingInPlan } from './judge.ts'
export { DEFAULT_PLAN, fillDocument, readPlan, type JobFile, type Plan } from './plan.ts'
export type { Finding, QualifyCase, Verdict } from './qualify-case.ts'
export type { FileManner, Offer, Step, Until } from './step.ts'
export { traceLines, traceRows } from './trace-text.ts'
export { Trace } from './trace.ts'
export type { Answered, Body, Happening, Noticed, Requested, WireEvent } from './wire-event.ts'
