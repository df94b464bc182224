/** Who is signed in, and the pages for whoever is. */
import Box from '@cloudscape-design/components/box'
import I18nProvider from '@cloudscape-design/components/i18n'
import messages from '@cloudscape-design/components/i18n/messages/all.en'
import Spinner from '@cloudscape-design/components/spinner'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { createBrowserRouter, RouterProvider, redirect } from 'react-router'
import { AdminProvider } from './admin/admin-context.tsx'
import { Frame } from './frame/frame.tsx'
import { PageFailed } from './frame/page-failed.tsx'
import { loadedPage } from './frame/page-failure.ts'
import { pages } from './pages.tsx'
import { askWho, asksWho } from './session/asked-before.ts'
import { SessionProvider } from './session/session-context.tsx'
import { defaultSession, isLocalOperator, type Session } from './session/session.ts'
import { checkSession } from './session/sign-in-check.ts'
import { SignIn } from './session/sign-in.tsx'
import { NoticesProvider } from './ui/notices.tsx'

export function App(): ReactNode {
  const [queries] = useState(newQueryClient)
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={queries}>
        <Door />
      </QueryClientProvider>
    </I18nProvider>
  )
}

type Entry =
  | { readonly name: 'trying'; readonly session: Session }
  | { readonly name: 'asking'; readonly initial: Session; readonly problem?: unknown }
  | { readonly name: 'in'; readonly session: Session }

/** A local server's operator needs no form; who signed out wants to see it. */
function Door(): ReactNode {
  const [entry, setEntry] = useState(firstEntry)
  const tried = entry.name === 'trying' ? entry.session : undefined
  useEffect(() => {
    if (!tried) return
    checkSession(tried).then(
      (session) => setEntry({ name: 'in', session }),
      (problem: unknown) =>
        setEntry({
          name: 'asking',
          initial: withoutKeys(tried),
          // That a server has operators of its own is no problem of anybody's.
          ...(isUnknownKey(problem) ? {} : { problem }),
        }),
    )
  }, [tried])
  if (entry.name === 'trying') {
    return (
      <Box padding="xxl" textAlign="center">
        <Spinner size="large" />
      </Box>
    )
  }
  if (entry.name === 'asking') {
    const { initial, problem } = entry
    const enter = (session: Session): void => {
      askWho(!isLocalOperator(session, defaultSession(location.origin)))
      setEntry({ name: 'in', session })
    }
    return <SignIn initial={initial} problem={problem} onSignIn={enter} />
  }
  const { session } = entry
  const change = (next: Session | undefined): void => {
    if (next) return setEntry({ name: 'in', session: next })
    askWho(true)
    setEntry({ name: 'asking', initial: withoutKeys(session) })
  }
  // Another session begins with nothing of the one before: no answers, no page state.
  return <SignedInApp key={JSON.stringify(session)} session={session} onSession={change} />
}

function firstEntry(): Entry {
  const session = defaultSession(location.origin)
  return session.accessKeyId === '' || asksWho()
    ? { name: 'asking', initial: withoutKeys(session) }
    : { name: 'trying', session }
}

function isUnknownKey(problem: unknown): boolean {
  return problem instanceof Error && problem.name === 'UnrecognizedClientException'
}

function withoutKeys({ endpoint, dataEndpoint, region }: Session): Session {
  return { endpoint, dataEndpoint, region, accessKeyId: '', secretAccessKey: '' }
}

interface SignedInProps {
  readonly session: Session
  readonly onSession: (session: Session | undefined) => void
}

function SignedInApp({ session, onSession }: SignedInProps): ReactNode {
  const [queries] = useState(newQueryClient)
  const [router] = useState(newRouter)
  useEffect(() => () => router.dispose(), [router])
  return (
    <QueryClientProvider client={queries}>
      <SessionProvider session={session} onSession={onSession}>
        <AdminProvider>
          <NoticesProvider>
            <RouterProvider router={router} />
          </NoticesProvider>
        </AdminProvider>
      </SessionProvider>
    </QueryClientProvider>
  )
}

function newQueryClient(): QueryClient {
  // The SDK retries what is worth retrying; a second layer would only hide refusals.
  return new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 1000 } } })
}

function newRouter(): ReturnType<typeof createBrowserRouter> {
  return createBrowserRouter(
    [
      {
        element: <Frame />,
        hydrateFallbackElement: <Spinner />,
        children: [
          {
            // Inside the frame, so that a page that fails leaves the way out.
            errorElement: <PageFailed />,
            children: [
              { index: true, loader: () => redirect('/jobs') },
              ...pages.map(({ path, load }) => ({
                path,
                lazy: async () => ({ Component: await loadedPage(load) }),
              })),
            ],
          },
        ],
      },
    ],
    { basename: '/console' },
  )
}
