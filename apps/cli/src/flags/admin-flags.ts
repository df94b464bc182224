/** Flags of the commands that ask a server's admin API. */
import type { Command } from 'commander'
import { dataFolderFlag } from './data-flag.ts'
import { inputFile } from './named-file.ts'
import { port } from './values.ts'

/** Adds where the server is, and the token it may ask for. */
export function addAdminFlags(command: Command): Command {
  return dataFolderFlag(command)
    .option('--http-port <port>', 'HTTP port; default that of the data folder’s server', port)
    .option('--admin-token <token>', 'token that the admin API asks for')
    .option(
      '--admin-token-file <file>',
      'the same from a file (or MUSTER_ADMIN_TOKEN): ps shows flags',
      inputFile('a file with the token'),
    )
}
