/** What leads to the trace of an event. Each hint finds it sooner, or further back. */
export type TraceHints = {
  messageId: string;
  sourceId?: string | undefined;
  receivedAt?: string | undefined;
  intakeId?: string | undefined;
};

/** Parameters of an address that open the trace of an event over any page. `undefined` closes it. */
export function traceSearch(hints: TraceHints | undefined): Record<TraceParam, string | undefined> {
  return {
    event: hints?.messageId,
    eventSource: hints?.sourceId,
    eventAt: hints?.receivedAt,
    eventIntake: hints?.intakeId,
    eventTab: undefined,
  };
}

export type TraceParam = 'event' | 'eventSource' | 'eventAt' | 'eventIntake' | 'eventTab';
