import { BATCH_EVENTS_MAX, EVENT_BYTES_MAX, MESSAGE_ID_CHARS_MAX } from '../config/limits.ts';
import type { TributaryEvent } from '../domain/event.ts';
import type { IntakeId, SourceId } from '../domain/ids.ts';
import { normaliseEvent } from '../domain/normalise-event.ts';
import type { InvalidReason } from '../domain/outcomes.ts';
import { type HookRequest, type HookRules } from '../domain/source-hook.ts';
import { validateEvent } from '../domain/validate-event.ts';
import { readHook } from './hook-events.ts';
import { bytesOf } from './read-intake.ts';

/** Events that a preview shows. */
export const PREVIEW_EVENTS_MAX = 10;

/** One item of the request. `at`: the field at fault, from the setting's beginning (`mapping.userId.@path`), or a field of the event (`userId`). */
export type PreviewedItem =
  | { outcome: 'event'; event: TributaryEvent }
  | { outcome: 'invalid'; reason: InvalidReason; at: string; message: string };

/** `count`: items of the request, of which the first PREVIEW_EVENTS_MAX are shown. */
export type HookPreview = { count: number; items: PreviewedItem[] };

/** Fields that a reason of the validation is about; what is not here is about several. */
const FIELD_OF: Partial<Record<InvalidReason, string>> = {
  unknown_type: 'mapping.type',
  id_required: 'mapping.userId',
  id_not_string: 'mapping.userId',
  user_id_required: 'mapping.userId',
  group_id_required: 'mapping.groupId',
  event_not_defined: 'mapping.event',
  event_not_string: 'mapping.event',
  name_not_string: 'mapping.name',
  category_not_string: 'mapping.category',
  properties_not_object: 'mapping.properties',
  traits_not_object: 'mapping.traits',
  message_id_too_long: 'mapping.messageId',
  bad_timestamp: 'mapping.timestamp',
};

/** What route would make of a request by these rules, and why not: the same code, with nothing sent or kept. Pure. */
export function previewHook(
  rules: HookRules,
  request: HookRequest,
  about: { sourceId: SourceId; intakeId: IntakeId; receivedAt: string },
): HookPreview {
  const reading = readHook(rules, request, about.sourceId);
  if (reading.count === 0) {
    const message = `the list at ${rules.each ?? '$'} is empty`;
    return { count: 0, items: [{ outcome: 'invalid', reason: 'empty_batch', at: 'each', message }] };
  }
  const shown = Math.min(reading.count, PREVIEW_EVENTS_MAX);
  const items = Array.from({ length: shown }, (_, index): PreviewedItem => {
    const item = reading.itemAt(index);
    if (item.outcome === 'fault')
      return { outcome: 'invalid', reason: item.reason, at: item.at, message: item.message };
    const validated = validateEvent(item.event, undefined, MESSAGE_ID_CHARS_MAX);
    if (validated.verdict === 'invalid') {
      const { reason } = validated;
      return { outcome: 'invalid', reason, at: FIELD_OF[reason] ?? 'mapping', message: reason.replaceAll('_', ' ') };
    }
    if (bytesOf(item.event) > EVENT_BYTES_MAX) {
      const message = `the event is larger than ${EVENT_BYTES_MAX} bytes`;
      return { outcome: 'invalid', reason: 'event_too_large', at: 'mapping', message };
    }
    const { intakeId, receivedAt } = about;
    const setting = { intakeId, receivedAt, sourceKind: 'webhook' as const };
    return { outcome: 'event', event: normaliseEvent(validated.event, validated.type, index, setting) };
  });
  return { count: Math.min(reading.count, BATCH_EVENTS_MAX), items };
}
