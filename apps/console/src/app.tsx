/** Routes and the signed-in frame around them. Every page has a link of its own. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useCallback, useState, type ReactNode } from 'react'
import { createHashRouter, RouterProvider } from 'react-router'
import { CreateJobPage } from './create-job/create-job-page.tsx'
import { OverviewPage } from './fleet/overview-page.tsx'
import { Frame } from './frame.tsx'
import { JobPage } from './job/job-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { SessionProvider } from './session/session-context.tsx'
import { defaultSession, storedSession, storeSession, type Session } from './session/session.ts'
import { SignIn } from './session/sign-in.tsx'
import { tabStorage } from './session/tab-storage.ts'
import { ThingPage } from './thing/thing-page.tsx'
import { ThingsPage } from './thing/things-page.tsx'

const storage = tabStorage(() => sessionStorage)

export function App(): ReactNode {
  const [session, setSession] = useState(firstSession)
  const keep = useCallback((next: Session | undefined): void => {
    storeSession(storage, next)
    storage.setItem('muster.signed-out', next ? 'no' : 'yes')
    setSession(next)
  }, [])
  if (!session) {
    return <SignIn initial={defaultSession(location.origin)} onSignIn={keep} />
  }
  // Another session begins with nothing of the one before: no answers, no page state.
  return <SignedInApp key={JSON.stringify(session)} session={session} onSession={keep} />
}

interface SignedInProps {
  readonly session: Session
  readonly onSession: (session: Session | undefined) => void
}

function SignedInApp({ session, onSession }: SignedInProps): ReactNode {
  const [queries] = useState(newQueryClient)
  const [router] = useState(newRouter)
  return (
    <QueryClientProvider client={queries}>
      <SessionProvider session={session} onSession={onSession}>
        <RouterProvider router={router} />
      </SessionProvider>
    </QueryClientProvider>
  )
}

/** A local server's operator needs no form; who signed out wants to see it. */
function firstSession(): Session | undefined {
  const stored = storedSession(storage)
  if (stored || storage.getItem('muster.signed-out') === 'yes') return stored
  const fallback = defaultSession(location.origin)
  return fallback.accessKeyId === '' ? undefined : fallback
}

function newQueryClient(): QueryClient {
  // The SDK retries what is worth retrying; a second layer would only hide refusals.
  return new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 1000 } } })
}

function newRouter(): ReturnType<typeof createHashRouter> {
  return createHashRouter([
    {
      element: <Frame />,
      children: [
        { path: '/', element: <OverviewPage /> },
        { path: '/jobs/:jobId', element: <JobPage /> },
        { path: '/things', element: <ThingsPage /> },
        { path: '/things/:thingName', element: <ThingPage /> },
        { path: '/create-job', element: <CreateJobPage /> },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ])
}
