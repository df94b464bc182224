/** Shows what needs the admin API where it is there, and says so where it is not. */
import Alert from '@cloudscape-design/components/alert'
import Spinner from '@cloudscape-design/components/spinner'
import type { ReactNode } from 'react'
import type { AdminClient } from './admin-client.ts'
import { useAdmin } from './admin-context.tsx'

interface Props {
  /** What is missing without it, as a sentence: `Denials are told by the server’s decision log.` */
  readonly what: string
  readonly children: (client: AdminClient) => ReactNode
}

export function NeedsAdmin({ what, children }: Props): ReactNode {
  const { state, client } = useAdmin()
  if (state.name === 'present') return children(client)
  if (state.name === 'asking') return <Spinner />
  return (
    <Alert type="info" header="Only with Muster’s admin API">
      {what} {state.reason}
    </Alert>
  )
}
