/** The registry's things, page by page, and a way straight to one by its name. */
import { ListThingsCommand } from '@aws-sdk/client-iot'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Link, useNavigate } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Field } from '../ui/field.tsx'
import { Answer, Panel } from '../ui/panel.tsx'

export function ThingsPage(): ReactNode {
  const { iot } = useSignedIn()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const things = useInfiniteQuery({
    queryKey: ['things'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      iot.send(
        new ListThingsCommand({
          maxResults: 50,
          ...(pageParam === undefined ? {} : { nextToken: pageParam }),
        }),
      ),
    getNextPageParam: (page) => page.nextToken,
  })
  return (
    <>
      <h1>Things</h1>
      <form
        role="search"
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') void navigate(`/things/${encodeURIComponent(name.trim())}`)
        }}
      >
        <Field label="Thing name" value={name} onChange={setName} />
        <button type="submit">Open</button>
      </form>
      <Panel title="Registry">
        <Answer query={things}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.things ?? [])
            if (rows.length === 0) return <p className="quiet">No things yet.</p>
            return (
              <table aria-label="Things">
                <thead>
                  <tr>
                    <th scope="col">Thing</th>
                    <th scope="col">Type</th>
                    <th scope="col">Attributes</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((thing) => (
                    <tr key={thing.thingName}>
                      <th scope="row">
                        <Link to={`/things/${encodeURIComponent(thing.thingName ?? '')}`}>
                          {thing.thingName}
                        </Link>
                      </th>
                      <td>{thing.thingTypeName ?? <span className="quiet">–</span>}</td>
                      <td className="quiet">
                        {Object.entries(thing.attributes ?? {})
                          .map(([key, value]) => `${key} ${value}`)
                          .join(' · ')}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }}
        </Answer>
        {things.hasNextPage ? (
          <button
            type="button"
            disabled={things.isFetchingNextPage}
            onClick={() => void things.fetchNextPage()}
          >
            Show more things
          </button>
        ) : null}
      </Panel>
    </>
  )
}
