/** Where the text of an invite waits while its reader signs in: this tab alone, never an address or a log. */
const KEY = 'tributary-invite';

/** The text behind the # of the address, or the one that was kept before signing in. */
export function inviteText(hash: string): string | undefined {
  const text = decodeURIComponentSafely(hash.replace(/^#/, ''));
  if (text !== '') {
    sessionStorage.setItem(KEY, text);
    return text;
  }
  return keptInvite();
}

export const keptInvite = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;
export const forgetInvite = (): void => sessionStorage.removeItem(KEY);

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
