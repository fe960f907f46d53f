import type { Alerting, Deliveries, WatchState } from '#libs/alerts';
import type { AlertMeasures } from '../http/alert-metrics.ts';

export function alertMeasures(alerting: Alerting, deliveries: Deliveries): AlertMeasures {
  const watches: Record<Exclude<WatchState, 'removed'>, number> = { active: 0, paused: 0, disabled: 0 };
  let waiting = 0;
  for (const { id, state } of alerting.watches.all()) {
    if (state === 'removed') continue;
    watches[state] += 1;
    if (state === 'active') waiting += alerting.raised.waiting(id, deliveries.cursorOf(id));
  }
  const { count: raised } = alerting.raised;
  return { raised, lagSeconds: alerting.state.lagMs / 1000, deliveries: deliveries.ended, waiting, watches };
}
