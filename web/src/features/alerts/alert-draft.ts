import { type Alert, type AlertInput, type ConditionField, KINDS } from './alert-kinds.ts';

/** What the form holds: an alert that may still lack something. */
export type Draft = AlertInput;

/** Who the form is opened for. */
export type About = { sourceId?: string | undefined; destinationId?: string | undefined };

/** A draft of a kind, about a source or destination. */
export function draftOf(kind: AlertInput['kind'], { sourceId, destinationId }: About, email: string): Draft {
  const { fields, first } = KINDS[kind];
  return {
    kind,
    name: '',
    enabled: true,
    ...first,
    ...(sourceId !== undefined && fields.includes('sourceId') && { sourceId }),
    ...(destinationId !== undefined && fields.includes('destinationId') && { destinationId }),
    channels: [{ type: 'IN_APP' }, { type: 'EMAIL', address: email }],
  };
}

/** An alert as the form holds it. */
export function draftFrom(alert: Alert): Draft {
  const { kind, name, enabled, channels } = alert;
  return { kind, name, enabled, channels, ...conditionOf(alert) };
}

/** Another kind for a draft: what both know of stays. */
export function withKind(draft: Draft, kind: AlertInput['kind'], about: About, email: string): Draft {
  const next = draftOf(kind, about, email);
  const destinationId = about.destinationId ?? draft.destinationId;
  return {
    ...next,
    name: draft.name,
    channels: draft.channels,
    ...(destinationId !== undefined && KINDS[kind].fields.includes('destinationId') && { destinationId }),
  };
}

function conditionOf(alert: Partial<AlertInput> & Pick<AlertInput, 'kind'>): Partial<AlertInput> {
  const fields = KINDS[alert.kind].fields;
  return Object.fromEntries(fields.flatMap((field) => (alert[field] === undefined ? [] : [[field, alert[field]]])));
}

/** What differs of what is there: only that is sent. Null takes a field away. */
export function changeOf(before: Alert, draft: Draft): Record<string, unknown> {
  const was: Draft = draftFrom(before);
  const keys: (ConditionField | 'name' | 'enabled' | 'channels')[] = [
    'name',
    'enabled',
    'channels',
    ...KINDS[draft.kind].fields,
  ];
  return Object.fromEntries(
    keys.flatMap((key) => (JSON.stringify(was[key]) === JSON.stringify(draft[key]) ? [] : [[key, draft[key] ?? null]])),
  );
}
