/** Reads and changes the simulator of the server. */
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { AdminError, type AdminClient } from '../admin/admin-client.ts'
import type { Scenario, SimulatorChange, SimulatorState } from './simulator-state.ts'

const refreshMs = 1000
const stateKey = ['simulator', 'state'] as const

/** The simulator as it stands; null where the server has none. */
export function useSimulator(client: AdminClient): UseQueryResult<SimulatorState | null> {
  return useQuery({
    queryKey: stateKey,
    queryFn: async ({ signal }) => {
      try {
        return await client.get<SimulatorState>('simulator', signal)
      } catch (cause) {
        if (cause instanceof AdminError && cause.status === 404) return null
        throw cause
      }
    },
    refetchInterval: ({ state }) => (state.data === null ? false : refreshMs),
  })
}

/** Scenarios that can be started. */
export function useScenarios(client: AdminClient): UseQueryResult<readonly Scenario[]> {
  return useQuery({
    queryKey: ['simulator', 'scenarios'],
    staleTime: 60_000,
    queryFn: async ({ signal }) =>
      (await client.get<{ scenarios: readonly Scenario[] }>('simulator/scenarios', signal))
        .scenarios,
  })
}

/** How a scenario is started. */
export interface Start {
  readonly scenario: string
  readonly devices?: number
  readonly seed?: number
}

/** Starts a scenario; rejects while one runs. */
export function startScenario(client: AdminClient, start: Start): Promise<SimulatorState> {
  return client.send('POST', 'simulator/start', start)
}

/** Stops what runs; its devices have said goodbye when this resolves. */
export function stopScenario(client: AdminClient): Promise<SimulatorState> {
  return client.send('POST', 'simulator/stop')
}

/** Changes the fleet while it runs; what it becomes is shown at once. */
export function useChange(
  client: AdminClient,
  onDone: () => void,
): UseMutationResult<SimulatorState, Error, SimulatorChange> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: SimulatorChange) =>
      client.send<SimulatorState>('PATCH', 'simulator', change),
    onSuccess: (state) => {
      queries.setQueryData(stateKey, state)
      onDone()
    },
  })
}

/** Reads the state again at once. */
export function useRefreshSimulator(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: stateKey })
}
