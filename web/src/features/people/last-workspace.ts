/** Which workspace this tab had open last: the way back from pages that are of none. */
const KEY = 'tributary-workspace';

export const openWorkspaceLast = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;
export const rememberWorkspace = (slug: string): void => sessionStorage.setItem(KEY, slug);
