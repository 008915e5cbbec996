import { useParams } from '@tanstack/react-router';
import { type DataOf, useCall } from '../../api/calls.ts';

export type AppSource = DataOf<'getAppSource'>['source'];

/** The id of the source that the address names. */
export const useSourceId = (): string => useParams({ strict: false }).sourceId ?? '';

/** The source that the address names; one answer for its layout and its pages. */
export const useSource = () => {
  const sourceId = useSourceId();
  const asked = useCall('getAppSource', { path: { sourceId } }, { freshMs: 10_000 });
  return { ...asked, source: asked.data?.source };
};
