import { addSimulateCommands } from './src/simulate-commands.ts'
import { Command } from 'commander'
const p = new Command('muster')
addSimulateCommands(p)
try {
  await p.parseAsync()
} catch (e) {
  console.error('muster:', (e as Error).message)
  if (process.env.TRACE) console.error(e)
  process.exitCode = 1
}
