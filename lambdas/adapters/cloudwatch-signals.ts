import type { Metrics } from '../application/ports/metrics.ts'
import type { Watched, Watcher } from '../application/watch-event.ts'
import { signalsOf } from '../domain/signals.ts'

/** Counts for alarms what an event says: at the time it is seen, so that what a stream shows late still raises an alarm. */
export class CloudWatchSignals implements Watcher {
  readonly #metrics: Metrics

  constructor(metrics: Metrics) {
    this.#metrics = metrics
  }

  async see({ event, events }: Watched): Promise<void> {
    const signals = signalsOf(event, events)
    if (Object.keys(signals).length > 0) await this.#metrics.count(signals)
  }
}
