import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { NAVIGATION } from './navigation.ts';

/** How long `g` waits for its second key. */
const SECOND_KEY_MS = 1_200;

const LIST = 'tributary-shortcuts';

/** Has the list of all keys shown. */
export const listShortcuts = (): void => void window.dispatchEvent(new Event(LIST));

/** Hears of `listShortcuts`; returns what ends that. */
export function onListShortcuts(listener: () => void): () => void {
  window.addEventListener(LIST, listener);
  return () => window.removeEventListener(LIST, listener);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role="textbox"], .cm-editor') !== null);

/** Keys of every page: `g s` and its kin go to pages, `/` focuses the search of the page. Ctrl K and `?` are the palette's and the help menu's. */
export function useShortcuts(slug: string): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goneAt = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '/') {
        const search = document.querySelector<HTMLElement>('main [data-search]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
        return;
      }
      if (event.key === 'g') {
        goneAt = Date.now();
        return;
      }
      if (Date.now() - goneAt > SECOND_KEY_MS) return;
      goneAt = 0;
      const entry = NAVIGATION.flatMap(({ entries }) => entries).find(({ key }) => key === event.key);
      if (entry !== undefined) void navigate({ to: `/${slug}/${entry.path}` });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, slug]);
}
