/** The data folder that a server keeps everything in, and by which others find it. */
import type { Command } from 'commander'

/** Adds `--data`; `MUSTER_DATA` names another default. */
export function dataFolderFlag(command: Command): Command {
  const { MUSTER_DATA: given = '' } = process.env
  return command.option('--data <dir>', 'data folder', given === '' ? './.muster' : given)
}
