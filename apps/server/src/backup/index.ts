export { backUpFolder, type Backup } from './back-up-folder.ts'
export { checkFolder, type FolderFindings } from './check-folder.ts'
export { restoreFolder, type Restored } from './restore-folder.ts'
