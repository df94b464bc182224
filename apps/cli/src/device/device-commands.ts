/** `muster device …`: one device in one command, on any server or AWS. */
import type { TargetFlags } from '@muster/fleet/control'
import { InvalidArgumentError, type Command } from 'commander'
import { inputFile } from '../flags/named-file.ts'
import { addTargetFlags } from '../flags/target-flags.ts'
import { count } from '../flags/values.ts'

/** Flags of every `device` command. */
export interface DeviceFlags extends TargetFlags {
  readonly data: string
  readonly alpnPort?: number
  readonly trace: boolean
  readonly json: boolean
}

/** Flags of the commands that have to do with the device's files. */
export interface DeviceFileFlags extends DeviceFlags {
  /** Undefined: a folder of the device's name below `devices` in the data folder. */
  readonly out?: string
}

/** Flags of `device create`. */
export interface CreateFlags extends DeviceFileFlags {
  /** File of the policy; undefined: what a device of Jobs needs. */
  readonly policy?: string
}

/** Flags of `device rotate`. */
export interface RotateFlags extends DeviceFileFlags {
  readonly keepOld: boolean
}

/** Flags of `device list`. */
export interface ListFlags extends DeviceFlags {
  readonly limit: number
}

/** Adds `device create`, `list`, `rotate`, `revoke` and `delete`. */
export function addDeviceCommands(program: Command): void {
  const device = program
    .command('device')
    .description('make, list, rotate, revoke and delete single devices')
  named(device, 'create', 'thing, key, certificate and policy, as files, with lines to try them')
    .option(
      '--policy <file>',
      'its policy; default: connect as itself and work on its jobs',
      inputFile('a policy document'),
    )
    .option('--out <dir>', 'where its files go; default DATA/devices/NAME')
    .action(async (name: string, flags: CreateFlags) => {
      const { runCreate } = await import('./create.ts')
      await runCreate(name, flags)
    })
  traced(device.command('list').description('things with their certificates and policies'))
    .option('--limit <n>', 'how many things at most', count, 50)
    .action(async (flags: ListFlags) => {
      const { runList } = await import('./list.ts')
      await runList(flags)
    })
  named(device, 'rotate', 'a new key and certificate in place of the old')
    .option('--out <dir>', 'where its files are; default DATA/devices/NAME')
    .option('--keep-old', 'leave the old certificate as it is', false)
    .action(async (name: string, flags: RotateFlags) => {
      const { runRotate } = await import('./rotate.ts')
      await runRotate(name, flags)
    })
  named(device, 'revoke', 'put its certificates out of service; a connected device is cut').action(
    async (name: string, flags: DeviceFlags) => {
      const { runRevoke } = await import('./revoke.ts')
      await runRevoke(name, flags)
    },
  )
  named(device, 'delete', 'its certificates, its own policy, the thing and its files')
    .option('--out <dir>', 'where its files are; default DATA/devices/NAME')
    .action(async (name: string, flags: DeviceFileFlags) => {
      const { runDelete } = await import('./delete.ts')
      await runDelete(name, flags)
    })
}

function named(device: Command, command: string, description: string): Command {
  const added = device.command(command).description(description)
  return traced(added.argument('<name>', 'thing name', thingName))
}

function traced(command: Command): Command {
  return addTargetFlags(command)
    .option('--trace', 'show each request as it goes over the wire', false)
    .option('--json', 'print one JSON object', false)
}

/** The longest common name that a certificate can have: the policy goes by it over HTTPS. */
const NAME_CHARACTERS_MAX = 64

function thingName(value: string): string {
  if (/^[a-zA-Z0-9:_-]+$/.test(value) && value.length <= NAME_CHARACTERS_MAX) return value
  throw new InvalidArgumentError(
    `expected 1 to ${NAME_CHARACTERS_MAX} letters, digits and \`:\`, \`_\`, \`-\``,
  )
}
