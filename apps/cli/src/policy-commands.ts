/** `muster policy …`: decide, explain and audit policies, with or without a server. */
import type { Command } from 'commander'

import { addPolicyAudit } from './policy-audit.ts'
import { addPolicyDecide } from './policy-decide.ts'
import { addPolicyExplain } from './policy-explain.ts'

/** Adds `policy decide`, `policy explain` and `policy audit`. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('decide, explain and audit policies')
  addPolicyDecide(policy)
  addPolicyExplain(policy)
  addPolicyAudit(policy)
}
