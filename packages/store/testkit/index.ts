export { CutProxy, type Wire } from './cut-proxy.ts'
export { startPostgres, type PostgresCluster } from './postgres-cluster.ts'
