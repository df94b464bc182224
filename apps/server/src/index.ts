export type { AdminExtension, AdminReply, AdminRequest } from './admin/admin-api.ts'
export { DataFolderError } from './data-folder.ts'
export { ExposureError } from './exposure.ts'
export { entryLog, stderrLog, type Logger } from './log.ts'
export {
  DEFAULT_PORTS,
  type ServerOptions,
  type ServerPorts,
  type StoreAddress,
} from './options.ts'
export { NotLeaderError } from '@muster/store'
export { ServerIdentityError } from './server-identity.ts'
export { startServer, type RunningServer } from './server.ts'
export { giveBackMemory } from './v8-memory.ts'
export { yieldV8Threads } from './v8-threads.ts'
