/** Something that is done in steps, each shown as it goes; what failed can be tried again. */
import { useCallback, useRef, useState, type ReactNode } from 'react'

/** One step. */
export interface Step {
  readonly title: string
  /** Does it; what it resolves with is shown below its title. */
  readonly act: () => Promise<ReactNode>
}

/** How far a step is. */
export interface StepState {
  readonly title: string
  readonly status: 'pending' | 'loading' | 'success' | 'error'
  readonly details: ReactNode
}

/** Steps that were begun. */
export interface RunningSteps {
  readonly steps: readonly StepState[]
  /** What stopped them. */
  readonly error: unknown
  readonly isRunning: boolean
  readonly isDone: boolean
  /** Begins; resolves when all are done or one failed. */
  readonly run: (steps: readonly Step[]) => Promise<void>
  /** Goes on at the step that failed. */
  readonly resume: () => void
}

/** Runs steps one after the other. */
export function useSteps(): RunningSteps {
  const [states, setStates] = useState<readonly StepState[]>([])
  const [error, setError] = useState<unknown>()
  const running = useRef<{ steps: readonly Step[]; next: number }>({ steps: [], next: 0 })
  const goOn = useCallback(async () => {
    const { current } = running
    setError(undefined)
    for (; current.next < current.steps.length; current.next += 1) {
      const index = current.next
      const set = (status: StepState['status'], details: ReactNode = null): void =>
        setStates((before) =>
          before.with(index, { title: before[index]?.title ?? '', status, details }),
        )
      set('loading')
      try {
        set('success', await current.steps[index]?.act())
      } catch (cause) {
        set('error')
        setError(cause)
        return
      }
    }
  }, [])
  const run = useCallback(
    async (steps: readonly Step[]) => {
      running.current = { steps, next: 0 }
      setStates(steps.map(({ title }) => ({ title, status: 'pending', details: null })))
      await goOn()
    },
    [goOn],
  )
  return {
    steps: states,
    error,
    isRunning: states.some(({ status }) => status === 'loading'),
    isDone: states.length > 0 && states.every(({ status }) => status === 'success'),
    run,
    resume: () => void goOn(),
  }
}
