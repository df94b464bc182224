/** A page: its title in the tab and as its one `h1`, what can be done on it, and what is on it. */
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, type ReactNode } from 'react'
import { useHref, useNavigate } from 'react-router'

interface Props {
  readonly title: string
  readonly description?: ReactNode
  /** Beside the title: a status. */
  readonly info?: ReactNode
  readonly actions?: ReactNode
  /** The pages above this one: `{ text: 'Jobs', path: '/jobs' }`. */
  readonly above?: readonly { readonly text: string; readonly path: string }[]
  /** Whether what is on the page brings its `h1` itself, as a wizard does. */
  readonly hasOwnHeading?: boolean
  readonly children: ReactNode
}

export function Page(props: Props): ReactNode {
  const { title, description, info, actions, above, hasOwnHeading, children } = props
  useEffect(() => {
    document.title = `${title} · Muster`
  }, [title])
  return (
    <ContentLayout
      breadcrumbs={above ? <Breadcrumbs title={title} above={above} /> : null}
      header={
        hasOwnHeading ? null : (
          <Header variant="h1" description={description} info={info} actions={actions}>
            {title}
          </Header>
        )
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  )
}

function Breadcrumbs({ title, above }: Required<Pick<Props, 'title' | 'above'>>): ReactNode {
  const navigate = useNavigate()
  const base = useHref('/').replace(/\/$/, '')
  return (
    <BreadcrumbGroup
      ariaLabel="Breadcrumbs"
      items={[
        ...above.map(({ text, path }) => ({ text, href: base + path })),
        { text: title, href: '' },
      ]}
      onFollow={(event) => {
        event.preventDefault()
        void navigate(event.detail.href.slice(base.length))
      }}
    />
  )
}
