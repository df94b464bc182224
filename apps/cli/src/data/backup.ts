/** Backups of a data folder, and back. */
import { backUpFolder, checkFolder, restoreFolder } from '@muster/server/backup'
import type { BackupFlags, RestoreFlags } from './data-commands.ts'
import { problemLines } from './check.ts'

/** Makes a backup and says what is in it. */
export async function runBackup({ data, out, json }: BackupFlags): Promise<void> {
  const { folder, files, bytes, isOfRunningServer } = await backUpFolder(data, out)
  if (json) {
    process.stdout.write(`${JSON.stringify({ folder, files, bytes, isOfRunningServer })}\n`)
    return
  }
  const megabytes = (bytes / 1e6).toFixed(1)
  const of = isOfRunningServer ? 'of a running server' : 'of a server that does not run'
  process.stdout.write(
    `${files} files, ${megabytes} MB, ${of}: ${folder}\n` +
      'it holds private keys; `muster restore` fills a folder from it\n',
  )
}

/** Restores a backup, then checks what came of it; the exit status is 1 when anything is wrong. */
export function runRestore(backup: string, { data, json }: RestoreFlags): void {
  const { folder, files, createdAtMs } = restoreFolder(backup, data)
  const { ok, problems } = checkFolder(folder, Date.now())
  if (!ok) process.exitCode = 1
  if (json) {
    const restored = { folder, files, createdAtMs, ok, problems }
    process.stdout.write(`${JSON.stringify(restored)}\n`)
    return
  }
  process.stdout.write(
    `${files} files of ${new Date(createdAtMs).toISOString()}: ${folder}\n${problemLines(problems)}`,
  )
}
