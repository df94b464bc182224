/** Flags of every command that talks to a server, local or AWS. */
import type { Command } from 'commander'
import { port } from './server-flags.ts'

/** Adds the port flags and `--ca`, and those that name AWS instead. */
export function addTargetFlags(command: Command): Command {
  return command
    .option('--mqtt-port <port>', 'MQTT, mutual TLS', port)
    .option('--https-port <port>', 'HTTPS, mutual TLS', port)
    .option('--alpn-port <port>', 'TLS by ALPN, AWS’s 443', port)
    .option('--http-port <port>', 'HTTP, SigV4, of a local server', port)
    .option('--ca <file>', 'authority of the server; a local one is asked for it')
    .option('--endpoint <url>', 'control plane of another server; AWS’s own without it')
    .option('--data-endpoint <host>', 'data endpoint; asked for without it')
    .option('--profile <name>', 'AWS profile: run against AWS')
    .option('--region <region>', 'AWS region', 'us-east-1')
}
