/** What lists and titles show of an event: read from any JSON, however odd. */
export type Head = {
  type: string | undefined;
  name: string | undefined;
  userId: string | undefined;
  anonymousId: string | undefined;
  groupId: string | undefined;
};

const textIn = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const found = (value as Record<string, unknown>)[key];
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

export function headOf(event: unknown): Head {
  const type = textIn(event, 'type');
  return {
    type,
    name: textIn(event, type === 'page' || type === 'screen' ? 'name' : 'event'),
    userId: textIn(event, 'userId'),
    anonymousId: textIn(event, 'anonymousId'),
    groupId: textIn(event, 'groupId'),
  };
}

const TITLES: Readonly<Record<string, string>> = {
  track: 'Track without a name',
  identify: 'Identify',
  page: 'Page',
  screen: 'Screen',
  group: 'Group',
  alias: 'Alias',
};

/** What an event is called where it stands alone: its name, else its call. */
export const titleOf = ({ type, name }: { type: string | null | undefined; name: string | null | undefined }): string =>
  name ?? (Object.hasOwn(TITLES, type ?? '') ? TITLES[type ?? ''] : undefined) ?? 'Event';
