/** Stands in for `k6/http`. */
import { wait } from './bridge.ts'

interface Params {
  readonly responseCallback?: unknown
  readonly timeout?: string
  readonly tags?: Readonly<Record<string, string>>
}

function request(method: string, url: string, body: string | null, params: Params = {}): object {
  return wait({ op: 'http', method, url, body, ...params })
}

function expectedStatuses(...statuses: unknown[]): unknown {
  return statuses
}

const http: {
  readonly request: typeof request
  readonly expectedStatuses: typeof expectedStatuses
} = {
  request,
  expectedStatuses,
}
export default http
