/** A proposed change as its document shows it. */
import type { ReactNode } from 'react'
import { DiffView } from '../policies/diff-view.tsx'
import { readableDocument } from '../policies/policy-document.ts'
import { DocumentView } from '../ui/document-view.tsx'
import type { Fix } from './fixes.ts'

/** The change as a document, where there is one. */
export function Change({ fix }: { readonly fix: Fix }): ReactNode {
  switch (fix.kind) {
    case 'version':
      return (
        <DiffView
          label={`Change of policy ${fix.policyName}`}
          before={readableDocument(fix.before)}
          after={fix.after}
        />
      )
    case 'policy':
    case 'attach':
      return (
        <DocumentView
          label={`Policy ${fix.policyName}`}
          text={readableDocument(fix.after)}
          what="document"
        />
      )
    case 'thing':
    case 'activate':
      return null
  }
}
