// Runs before anything is painted, so that no page flashes in the other scheme, nor moves its rows. `theme-scheme` is written by the theme (app/theme.ts).
let kept = null;
let density = null;
try {
  kept = localStorage.getItem('tributary-scheme');
  density = localStorage.getItem('tributary-density');
} catch {
  // Storage may be forbidden; then the system decides.
}
const isDark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
if (density === 'compact') document.documentElement.setAttribute('data-density', 'compact');
