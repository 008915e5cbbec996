let loading: Promise<void> | undefined;

/**
 * The looks of everything but the first page: a style sheet of its own, which the first page does not wait for. Every other page does, so that nothing is
 * ever shown without its looks.
 */
export function laterStyles(): Promise<void> {
  loading ??= new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = document.querySelector<HTMLMetaElement>('meta[name="later-styles"]')?.content ?? '';
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      // Shown plainly rather than not at all; the next page tries again.
      loading = undefined;
      link.remove();
      resolve();
    });
    document.head.append(link);
  });
  return loading;
}
