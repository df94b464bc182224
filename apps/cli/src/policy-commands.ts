import type { Command } from 'commander'

export function addPolicyCommands(_program: Command): void {}
