export { SCHEMA_VERSION, StoreVersionError } from './schema.ts'
export type { Records } from './sqlite-records.ts'
export {
  openStore,
  type Confirmation,
  type FileStore,
  type Store,
  type StoreOptions,
} from './store.ts'
export { reasonOf } from './sqlite-store.ts'
export { StoreGoneError } from './store-mark.ts'
export type { StoreFindings } from './check/check-store.ts'
export { backUpStore, checkKeptStore, markClosed, markProblem } from './check/kept-store.ts'
export type { Problem } from './check/problem.ts'
export { LedStore, NotLeaderError, type LeaderEvents } from './postgres/led-store.ts'
