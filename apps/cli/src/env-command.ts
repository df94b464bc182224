/** `muster env`: shell lines that point the AWS CLI and the SDKs at this server. */
import type { Command } from 'commander'
import { DEFAULT_PORTS } from '@muster/server'
import { environmentOperator } from './environment-operator.ts'
import { port } from './server-flags.ts'

const WELL_KNOWN = { accessKeyId: 'test', secretAccessKey: 'test' }

/** Adds `env`. */
export function addEnvCommand(program: Command): void {
  program
    .command('env')
    .description('print shell lines for the AWS CLI: eval "$(pnpm --silent muster env)"')
    .option('--http-port <port>', 'HTTP port of the server', port, DEFAULT_PORTS.httpPort)
    .option('--region <region>', 'AWS region', 'us-east-1')
    .action((flags: { readonly httpPort: number; readonly region: string }) => {
      const operator = environmentOperator(process.env)
      const { accessKeyId, secretAccessKey } = operator ?? WELL_KNOWN
      const lines = {
        AWS_ENDPOINT_URL: `http://localhost:${flags.httpPort}`,
        AWS_REGION: flags.region,
        AWS_DEFAULT_REGION: flags.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      }
      for (const [name, value] of Object.entries(lines)) {
        process.stdout.write(`export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
      }
      process.stdout.write('unset AWS_SESSION_TOKEN AWS_PROFILE\n')
    })
}
