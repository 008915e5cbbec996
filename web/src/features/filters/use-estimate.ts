import { useDebouncedValue } from '@mantine/hooks';
import { type DataOf, type InputOf, useCall } from '../../api/calls.ts';

/** How long nobody types before the archive is read. */
const PAUSE_MS = 900;
/** An estimate of the same rule stays true for a while. */
const FRESH_MS = 120_000;

export type Estimate = DataOf<'createEstimate'>;
type Asked = InputOf<'createEstimate'>['body'];

/** What a rule would have done with the events of the last 24 hours; asked once typing pauses. `undefined`: nothing to ask yet. */
export function useEstimate(body: Omit<Asked, 'range'> | undefined) {
  const [settled] = useDebouncedValue(body === undefined ? undefined : JSON.stringify(body), PAUSE_MS);
  const asked = useCall(
    'createEstimate',
    { body: { ...((settled === undefined ? { sourceId: '' } : JSON.parse(settled)) as Asked), range: '24h' } },
    { enabled: settled !== undefined, keep: true, freshMs: FRESH_MS },
  );
  const isSettled = settled === (body === undefined ? undefined : JSON.stringify(body));
  return { ...asked, isWaiting: settled !== undefined && (asked.isFetching || !isSettled) };
}
