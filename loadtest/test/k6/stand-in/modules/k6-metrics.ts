/** Stands in for `k6/metrics`. */
import { tell } from './bridge.ts'

class Metric {
  readonly #name: string

  constructor(name: string, type: string, isTime: boolean) {
    this.#name = name
    tell({ op: 'metric', name, type, isTime })
  }

  add(value: number | boolean): void {
    tell({ op: 'sample', name: this.#name, value: Number(value) })
  }
}

export class Counter extends Metric {
  constructor(name: string) {
    super(name, 'counter', false)
  }
}

export class Rate extends Metric {
  constructor(name: string) {
    super(name, 'rate', false)
  }
}

export class Trend extends Metric {
  constructor(name: string, isTime = false) {
    super(name, 'trend', isTime)
  }
}
