/** `muster env`: shell lines that point the AWS CLI and the SDKs at a server. */
import type { Command } from 'commander'
import { dataFolderFlag } from '../flags/data-flag.ts'
import type { EnvironmentFlags } from './env.ts'
import { port, region } from '../flags/values.ts'

/** Adds `env`. */
export function addEnvCommand(program: Command): void {
  const env = program
    .command('env')
    .description('print shell lines for the AWS CLI: eval "$(pnpm --silent muster env)"')
  dataFolderFlag(env)
    .option('--http-port <port>', 'HTTP port; default that of the data folder’s server', port)
    .option('--region <region>', 'AWS region; default that of the server, else us-east-1', region)
    .option('--role <arn>', 'temporary keys of a role, by AssumeRole')
    .option('--external-id <id>', 'the external id that the role’s trust asks for')
    .action(async (flags: EnvironmentFlags) => {
      const { printEnvironment } = await import('./env.ts')
      await printEnvironment(flags)
    })
}
