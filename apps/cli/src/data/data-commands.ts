/** `muster backup`, `restore` and `check`: what a server keeps, kept safe. */
import type { Command } from 'commander'
import { dataFolderFlag } from '../flags/data-flag.ts'

/** Flags of `backup`. */
export interface BackupFlags {
  readonly data: string
  readonly out: string
  readonly json: boolean
}

/** Flags of `restore`. */
export interface RestoreFlags {
  readonly data: string
  readonly json: boolean
}

/** Flags of `check`. */
export interface CheckFlags {
  readonly json: boolean
}

/** Adds `backup`, `restore` and `check`. */
export function addDataCommands(program: Command): void {
  const backup = program
    .command('backup')
    .description('copy all that a server keeps, while it runs: database, authority, keys')
  dataFolderFlag(backup)
    .requiredOption('--out <dir>', 'a new folder for the backup, which holds private keys')
    .option('--json', 'one JSON object', false)
    .action(async (flags: BackupFlags) => {
      const { runBackup } = await import('./backup.ts')
      await runBackup(flags)
    })
  const restore = program
    .command('restore')
    .description('fill an empty data folder from a backup, which is checked')
    .argument('<backup>', 'folder that `muster backup` made')
  dataFolderFlag(restore)
    .option('--json', 'one JSON object', false)
    .action(async (folder: string, flags: RestoreFlags) => {
      const { runRestore } = await import('./backup.ts')
      runRestore(folder, flags)
    })
  const { MUSTER_DATA: given = '' } = process.env
  program
    .command('check')
    .description('say what is wrong with a data folder or a backup; exit status 1 if anything is')
    .argument('[dir]', 'data folder or backup; nothing in it is changed', given || './.muster')
    .option('--json', 'one JSON object', false)
    .action(async (folder: string, flags: CheckFlags) => {
      const { runCheck } = await import('./check.ts')
      runCheck(folder, flags)
    })
}
