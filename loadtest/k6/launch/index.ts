export { runK6, type DataEndpoint, type K6Run } from './run-k6.ts'
export { k6SummaryText, type K6Summary } from './summary.ts'
