import type { Command } from 'commander'

export function addPolicyAudit(_policy: Command): void {}
