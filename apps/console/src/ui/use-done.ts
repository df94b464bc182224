/** What follows a change: it is told, and everything on screen is read again. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, type ReactNode } from 'react'
import { useNotices } from './notices.tsx'

/** Call the function with a sentence after something was changed. */
export function useDone(): (sentence: ReactNode) => void {
  const queries = useQueryClient()
  const { tell } = useNotices()
  return useCallback(
    (sentence) => {
      tell(sentence)
      void queries.invalidateQueries()
    },
    [queries, tell],
  )
}
