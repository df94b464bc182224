export {
  openPostgresStore,
  type OpenedPostgresStore,
  type PostgresStoreOptions,
} from './open-postgres-store.ts'
