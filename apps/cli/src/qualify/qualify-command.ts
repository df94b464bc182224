import type { Command } from 'commander'
import { inputFile, outputFile } from '../flags/named-file.ts'

/** Flags of `qualify`. */
export interface QualifyFlags {
  readonly agent: string
  readonly plan?: string
  readonly only?: string
  readonly junit?: string
  readonly html?: string
  readonly json: boolean
}

/** Adds `qualify`. */
export function addQualifyCommand(program: Command): void {
  program
    .command('qualify')
    .description(
      'does a device agent survive a hostile Jobs service? Each case on a private server',
    )
    .requiredOption(
      '--agent <command>',
      'how the agent is started, with {thing} {cert} {key} {ca} {host} {mqttPort} {httpsPort}',
    )
    .option(
      '--plan <file>',
      'YAML file of the job documents that the agent knows',
      inputFile('a YAML file'),
    )
    .option('--only <ids>', 'run these cases only, separated by commas')
    .option('--junit <file>', 'write the verdicts as JUnit XML', outputFile)
    .option('--html <file>', 'write the verdicts and traces as a page', outputFile)
    .option('--json', 'print one JSON line for each case, and the sums', false)
    .action(async (flags: QualifyFlags) => {
      const { qualify } = await import('./qualify.ts')
      await qualify(flags)
    })
}
