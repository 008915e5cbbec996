import type { CatalogAction, CatalogDestination } from '../../../shared/catalog/catalog-entry.ts';
import { SYNC_MODE_FIELD } from '../../../shared/destinations/destination-definition.ts';
import type { FqlExpression, FqlValue } from '../../../shared/domain/fql/expression.ts';
import { parseTrigger } from '../../../shared/domain/fql/parse-trigger.ts';
import type { Json } from '../../../shared/domain/json.ts';
import { type Mapping, NAME_CHARS_MAX } from '../../../shared/domain/workspace.ts';
import { MAPPINGS_PER_DESTINATION_MAX } from '../../../shared/domain/rule-bounds.ts';
import { fieldMapFaults } from '../../../shared/pipeline/rules/field-map-faults.ts';
import { missingFields } from '../../../shared/pipeline/rules/setting-faults.ts';
import { invalid } from '../http/api-fault.ts';
import { faulty, overQuota } from './faults.ts';
import { unmaskedFields } from './masked-fields.ts';
import { refuseMovedFields } from './moved-secrets.ts';

type Fields = Record<string, Json>;

/** Fields that any action has, beside its own: what batches, and what becomes of what is there already (B20). */
const COMMON_FIELDS = ['enable_batching', 'batch_size', 'batch_keys', SYNC_MODE_FIELD] as const;

/** By its id, or by its key as the library calls it. Throws ApiFault 422. */
export function requireAction(entry: CatalogDestination, idOrKey: string, field: string): CatalogAction {
  const found = entry.actions.find(({ id, key }) => id === idOrKey || key === idOrKey);
  if (found !== undefined) return found;
  throw invalid({
    field,
    message: `${entry.name} has no such action; it has ${entry.actions.map(({ id, key }) => `${key} (${id})`).join(', ')}.`,
  });
}

/**
 * Throws ApiFault 422 that says where the text cannot be read, and for values that the original's editor does not take (features 1.10). What was saved
 * before runs on. Groups within groups are taken on purpose: the library has such triggers itself (decision 020).
 */
export function refuseTrigger(trigger: string, field: string): void {
  const parsed = parseTrigger(trigger);
  if (parsed.outcome !== 'parsed') {
    const { message, at } = parsed.fault;
    throw invalid({ field, message: `${message} (at character ${at + 1})`, data: { at } });
  }
  const value = literalsIn(parsed.expression).find((text) => /[~"]/.test(text));
  if (value !== undefined) {
    throw invalid({ field, message: `A value of a trigger holds neither ~ nor ": ${JSON.stringify(value)} (B15)` });
  }
}

/** Texts that a condition compares with. An expression is never deeper than FQL_DEPTH_MAX. */
function literalsIn(part: FqlExpression | FqlValue): string[] {
  if (part.kind === 'all' || part.kind === 'path') return [];
  if (part.kind === 'literal') return typeof part.value === 'string' ? [part.value] : [];
  if (part.kind === 'list') return part.items.filter((item) => typeof item === 'string');
  if (part.kind === 'call') return part.args.flatMap(literalsIn);
  if (part.kind === 'and' || part.kind === 'or') return part.of.flatMap(literalsIn);
  if (part.kind === 'not') return literalsIn(part.of);
  if (part.kind === 'is') return literalsIn(part.value);
  return [...literalsIn(part.left), ...literalsIn(part.right)];
}

/** A field map as it is to be kept: dots replaced by the secrets that they stand for. Throws ApiFault 422 that points at what is wrong in it. */
export function readFields(
  entry: CatalogDestination,
  action: CatalogAction,
  given: Readonly<Record<string, unknown>>,
  before: Fields,
  at: string,
): Fields {
  const { fields, unknown, kept } = unmaskedFields(entry, given as Fields, before);
  const rules = [...action.fields, ...COMMON_FIELDS.map((key) => ({ key }))];
  const faults = [
    ...unknown.map((key) => ({
      field: `${at}.${key}`,
      message: 'These dots stand for a secret, and none is kept: enter the secret itself.',
    })),
    ...fieldMapFaults(rules, fields).map(({ path, message }) => ({
      field: [at, ...path].join('.'),
      message,
    })),
  ];
  if (faults.length > 0) throw faulty(faults);
  refuseMovedFields(before, fields, kept, at);
  return fields;
}

/** Throws ApiFault 422 where a mapping that is switched on lacks a field that its action requires. */
export function refuseUnfinished(action: CatalogAction, fields: Fields, at: string): void {
  const missing = missingFields(action.fields, fields);
  if (missing.length > 0) {
    throw faulty(
      missing.map((key) => ({ field: `${at}.${key}`, message: 'is required before the mapping can be enabled' })),
    );
  }
}

export function refuseManyMappings(count: number): void {
  if (count > MAPPINGS_PER_DESTINATION_MAX) {
    throw overQuota(
      'mappings',
      MAPPINGS_PER_DESTINATION_MAX,
      `A destination has ${MAPPINGS_PER_DESTINATION_MAX} mappings at most (B11).`,
    );
  }
}

const COPY = ' (Copy)';

/** B19: named after what it is a copy of, and disabled. */
export const copyOf = (
  mapping: Mapping,
  members: Pick<Mapping, 'id' | 'version' | 'createdAt' | 'updatedAt'>,
): Mapping => ({
  ...mapping,
  ...members,
  name: `${mapping.name.slice(0, NAME_CHARS_MAX - COPY.length)}${COPY}`,
  enabled: false,
});
