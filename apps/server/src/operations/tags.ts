import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on tags (gateway G81). */
export function tagOperations(registry: Registry): OperationHandlers {
  return {
    TagResource: handle(registry.tagResource),
    UntagResource: handle(registry.untagResource),
    ListTagsForResource: handle(registry.listTagsForResource),
  }
}
