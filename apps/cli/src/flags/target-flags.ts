/** Flags of every command that talks to a server, local or AWS. */
import type { Command } from 'commander'
import { dataFolderFlag } from './data-flag.ts'
import { inputFile } from './named-file.ts'
import { port, region } from './values.ts'

/** Adds the flags of a local server, and those that name AWS instead. */
export function addTargetFlags(command: Command): Command {
  return addAddressFlags(command).option('--profile <name>', 'AWS profile: run against AWS')
}

/** The same without the AWS profile, for a command whose `--profile` is another. */
export function addAddressFlags(command: Command): Command {
  return dataFolderFlag(command)
    .option(
      '--mqtt-port <port>',
      'MQTT, mutual TLS; default that of the data folder’s server',
      port,
    )
    .option('--https-port <port>', 'HTTPS, mutual TLS', port)
    .option('--alpn-port <port>', 'TLS by ALPN, AWS’s 443', port)
    .option('--http-port <port>', 'HTTP, SigV4, of a local server', port)
    .option(
      '--ca <file>',
      'authority of the server; a local one is asked for it',
      inputFile('the PEM of an authority'),
    )
    .option('--endpoint <url>', 'control plane of another server; AWS’s own without it')
    .option('--data-endpoint <host[:port]>', 'data endpoint (port: of MQTT); asked for without it')
    .option('--region <region>', 'AWS region; default that of the server, else us-east-1', region)
}
