import type { Command } from 'commander'

export function addVerifyCommands(_program: Command): void {}
