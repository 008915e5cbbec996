import { KIND_NAME_CHARS_MAX, OTHER_NAME } from '../../../shared/domain/event-kind.ts';
import { isWhole, rowNamed, type SchemaRow, traitAt } from '../../../shared/domain/schema-page.ts';
import { invalid } from '../http/api-fault.ts';

/** Rows by keys that any path takes: the call, and its name in base64url where it has one. Names hold slashes, dots, percents and emoji. */
export const keyOfRow = ({ call, name }: SchemaRow): string =>
  call === 'page' || call === 'screen' ? call : `${call}.${Buffer.from(name).toString('base64url')}`;

/** Throws ApiFault 422 for what is no key. */
export function rowOfKey(key: string): SchemaRow {
  const [call = '', encoded, ...more] = key.split('.');
  const name = Buffer.from(encoded ?? '', 'base64url').toString();
  const row = rowNamed(`${call}\n${name}`);
  if (
    row === undefined ||
    more.length > 0 ||
    name.length > KIND_NAME_CHARS_MAX ||
    // As it was written: base64 may hold more than is decoded, and bytes that are no text.
    keyOfRow(row) !== key
  ) {
    throw invalid({ field: 'key', message: 'This is no key of a row. Take it from the list.' });
  }
  return row;
}

/** Whether a rule can name it. */
export function isChangeable({ call, name }: SchemaRow): boolean {
  if (call === 'page' || call === 'screen') return true;
  if (call === 'track') return isWhole(name) && name !== OTHER_NAME;
  return traitAt(name) !== undefined;
}
