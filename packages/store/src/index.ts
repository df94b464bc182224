export { SCHEMA_VERSION, StoreVersionError } from './schema.ts'
export type { Records } from './sqlite-records.ts'
export { openStore, type Store, type StoreOptions } from './store.ts'
export { StoreGoneError } from './store-mark.ts'
